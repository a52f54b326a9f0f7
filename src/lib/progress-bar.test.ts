import { describe, expect, it } from 'vitest';
import { ProgressBar } from './progress-bar.ts';

function screen(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe('a progress bar', () => {
  it('fills one line on a terminal', () => {
    const terminal = screen(true);
    const bar = new ProgressBar('Drawing', terminal);
    bar.show(0, 4, 'moon');
    bar.show(2, 4, 'fern');
    bar.end();
    expect(terminal.written[0]).toBe(`\r\x1b[KDrawing ${'░'.repeat(24)} 0/4 moon`);
    expect(terminal.written[1]).toBe(`\r\x1b[KDrawing ${'█'.repeat(12)}${'░'.repeat(12)} 2/4 fern`);
    expect(terminal.written.join('')).not.toContain('\n');
  });

  it('never wraps on a narrow terminal', () => {
    const terminal = screen(true, 20);
    new ProgressBar('Drawing', terminal).show(1, 4, 'a long name');
    expect((terminal.written[0] ?? '').replace('\r\x1b[K', '').length).toBeLessThan(20);
  });

  it('takes a terminal that does not know its width for one of usual width', () => {
    const terminal = screen(true, 0);
    new ProgressBar('Drawing', terminal).show(1, 4, 'moon');
    expect(terminal.written[0]).toMatch(/1\/4 moon$/);
  });

  it('writes one plain line a step elsewhere', () => {
    const file = screen(false);
    const bar = new ProgressBar('Drawing', file);
    bar.show(1, 4, 'moon');
    bar.end();
    expect(file.written).toEqual(['Drawing 1/4 moon\n']);
  });
});

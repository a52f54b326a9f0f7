import type { AccessVersion, AccessVersionStore } from '../../src/domain/access-file.ts';

export class FakeAccessVersions implements AccessVersionStore {
  readonly kept: Array<AccessVersion & { readonly text: string }> = [];
  async add(version: Omit<AccessVersion, 'number'> & { readonly text: string }) {
    const added = { ...version, number: this.kept.length + 1 };
    this.kept.push(added);
    return added;
  }
  async list({ limit }: { readonly limit: number }) {
    return this.kept.toReversed().slice(0, limit);
  }
  async find(number: number) {
    return this.kept[number - 1] ?? null;
  }
}

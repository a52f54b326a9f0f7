/** The environment of this process; nothing outside `config/` reads it. */
export function realEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

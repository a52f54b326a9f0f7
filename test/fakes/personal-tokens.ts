import type { PersonalToken } from '../../src/domain/personal-token.ts';
import type { PersonalTokenStore } from '../../src/domain/ports.ts';

/** Personal tokens in memory, by the hash of their secret. */
export class FakePersonalTokens implements PersonalTokenStore {
  readonly byHash = new Map<string, PersonalToken>();
  /** Look-ups by secret: what guesses cost. */
  finds = 0;

  async create({ secretHash, ...token }: Parameters<PersonalTokenStore['create']>[0]): Promise<PersonalToken | null> {
    const made: PersonalToken = { ...token, id: `pat_${this.byHash.size + 1}`, usedAt: null };
    this.byHash.set(secretHash, made);
    return made;
  }

  async list(userId?: string): Promise<readonly PersonalToken[]> {
    return [...this.byHash.values()].filter((token) => userId === undefined || token.userId === userId).toReversed();
  }

  async find(secretHash: string): Promise<PersonalToken | null> {
    this.finds += 1;
    return this.byHash.get(secretHash) ?? null;
  }

  async findById(id: string): Promise<PersonalToken | null> {
    return [...this.byHash.values()].find((token) => token.id === id) ?? null;
  }

  async touch(id: string, usedAt: Date): Promise<void> {
    for (const [hash, token] of this.byHash) if (token.id === id) this.byHash.set(hash, { ...token, usedAt });
  }

  async remove(id: string): Promise<boolean> {
    const hash = [...this.byHash].find(([, token]) => token.id === id)?.[0];
    return hash !== undefined && this.byHash.delete(hash);
  }

  async removeExpired(before: Date): Promise<number> {
    const expired = [...this.byHash].filter(([, token]) => token.expiresAt <= before);
    for (const [hash] of expired) this.byHash.delete(hash);
    return expired.length;
  }
}

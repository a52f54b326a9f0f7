import type { NewPasskey, Passkey, SecondFactor, SecondFactorId, SecondFactorStore } from '../../src/domain/second-factor.ts';
import type { UserId } from '../../src/domain/session.ts';

interface Kept {
  readonly userId: UserId;
  readonly factor: SecondFactor;
  readonly sealedSecret: string;
  readonly passkey: Passkey | null;
  readonly counter: number;
}

/** In memory. */
export class FakeSecondFactors implements SecondFactorStore {
  readonly kept = new Map<SecondFactorId, Kept>();
  readonly recoveryCodes = new Map<UserId, Set<string>>();

  async list(userId: UserId): Promise<readonly SecondFactor[]> {
    return this.#of(userId).map(({ factor }) => factor);
  }

  async addOneTimeCodes(userId: UserId, given: { name: string; sealedSecret: string; step: number; at: Date }): Promise<SecondFactor> {
    return this.#add(userId, 'one-time-codes', given, { sealedSecret: given.sealedSecret, counter: given.step, passkey: null });
  }

  async addPasskey(userId: UserId, given: NewPasskey & { name: string; at: Date }): Promise<SecondFactor | null> {
    if ((await this.findPasskey(given.credentialId)) !== null) return null;
    const { credentialId, publicKey, counter, transports } = given;
    const passkey: Passkey = { id: this.#nextId(), userId, credentialId, publicKey, counter, transports };
    return this.#add(userId, 'passkey', given, { sealedSecret: '', counter, passkey });
  }

  async listOneTimeCodes(userId: UserId): Promise<ReadonlyArray<{ id: SecondFactorId; sealedSecret: string }>> {
    const codes = this.#of(userId).filter(({ factor }) => factor.kind === 'one-time-codes');
    return codes.map(({ factor, sealedSecret }) => ({ id: factor.id, sealedSecret }));
  }

  async useStep(id: SecondFactorId, step: number, at: Date): Promise<boolean> {
    return this.#count(id, step, at, (counter) => counter < step);
  }

  async listPasskeys(userId: UserId): Promise<readonly Passkey[]> {
    return this.#of(userId).flatMap(({ passkey }) => passkey ?? []);
  }

  async findPasskey(credentialId: string): Promise<Passkey | null> {
    return [...this.kept.values()].find(({ passkey }) => passkey?.credentialId === credentialId)?.passkey ?? null;
  }

  async useCounter(id: SecondFactorId, counter: number, at: Date): Promise<boolean> {
    return this.#count(id, counter, at, (before) => (counter === 0 ? before === 0 : before < counter));
  }

  async remove(userId: UserId, id: SecondFactorId): Promise<SecondFactor | null> {
    const kept = this.kept.get(id);
    if (kept?.userId !== userId) return null;
    this.kept.delete(id);
    return kept.factor;
  }

  async removeAll(userId: UserId): Promise<number> {
    const all = this.#of(userId);
    for (const { factor } of all) this.kept.delete(factor.id);
    this.recoveryCodes.delete(userId);
    return all.length;
  }

  async setRecoveryCodes(userId: UserId, hashes: readonly string[]): Promise<void> {
    this.recoveryCodes.set(userId, new Set(hashes));
  }

  async useRecoveryCode(userId: UserId, hash: string): Promise<boolean> {
    return this.recoveryCodes.get(userId)?.delete(hash) ?? false;
  }

  async countRecoveryCodes(userId: UserId): Promise<number> {
    return this.recoveryCodes.get(userId)?.size ?? 0;
  }

  #of(userId: UserId): readonly Kept[] {
    return [...this.kept.values()].filter((each) => each.userId === userId);
  }

  #nextId(): SecondFactorId {
    return `fac_${this.kept.size + 1}`;
  }

  #add(
    userId: UserId,
    kind: SecondFactor['kind'],
    { name, at }: { name: string; at: Date },
    more: Pick<Kept, 'sealedSecret' | 'counter' | 'passkey'>,
  ): SecondFactor {
    const factor: SecondFactor = { id: this.#nextId(), kind, name, createdAt: at, usedAt: null };
    this.kept.set(factor.id, { userId, factor, ...more });
    return factor;
  }

  #count(id: SecondFactorId, counter: number, at: Date, isNew: (before: number) => boolean): boolean {
    const kept = this.kept.get(id);
    if (kept === undefined || !isNew(kept.counter)) return false;
    this.kept.set(id, { ...kept, counter, factor: { ...kept.factor, usedAt: at } });
    return true;
  }
}

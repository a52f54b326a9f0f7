import type { OutsideIdentity } from './identity.ts';

/** Gives roles to whom the condition fits. */
export interface RoleRule {
  /** Position in its list, from 1; how people and logs name it. */
  readonly number: number;
  /** Line of `identity.yaml` on which it starts. */
  readonly line: number;
  readonly roles: readonly string[];
  /** Null fits everybody whom the source knows. */
  readonly when: RoleCondition | null;
}

export type RoleCondition =
  /** One value of the attribute is one of these. */
  | { readonly kind: 'is'; readonly attribute: string; readonly values: readonly string[]; readonly ignoreCase: boolean }
  /** One value of the attribute fits one of these: `*` is any text, `?` any one character. */
  | { readonly kind: 'like'; readonly attribute: string; readonly patterns: readonly string[]; readonly ignoreCase: boolean }
  /**
   * `member@example.edu`: an affiliation within a scope. A scope of `*.example.edu` takes what is below it, not itself.
   * https://wiki.refeds.org/display/STAN/eduPerson+2021-11#eduPerson202111-eduPersonScopedAffiliation
   */
  | { readonly kind: 'scoped'; readonly attribute: string; readonly affiliations: readonly string[]; readonly scopes: readonly string[] }
  | { readonly kind: 'all'; readonly of: readonly RoleCondition[] }
  | { readonly kind: 'any'; readonly of: readonly RoleCondition[] };

/** A value that came, and what it fits. */
export interface RoleEvidence {
  readonly attribute: string;
  readonly value: string;
}

export type RuleOutcome =
  | { readonly rule: RoleRule; readonly fits: true; readonly because: readonly RoleEvidence[] }
  /** `missing`: the conditions that keep it from fitting. */
  | { readonly rule: RoleRule; readonly fits: false; readonly missing: readonly RoleCondition[] };

export interface MappedRoles {
  /** Each once, in the order of the rules. */
  readonly roles: readonly string[];
  /** Of every rule, what became of it. */
  readonly outcomes: readonly RuleOutcome[];
}

type Attributes = OutsideIdentity['attributes'];

/** Which roles a person from outside has, and which rule gave each. Every rule counts, not only the first that fits. */
export function mapRoles(attributes: Attributes, rules: readonly RoleRule[]): MappedRoles {
  const outcomes = rules.map((rule) => judgeRule(attributes, rule));
  const roles = new Set(outcomes.flatMap(({ fits, rule }) => (fits ? rule.roles : [])));
  return { roles: [...roles], outcomes };
}

/** A sentence for each rule, for `vitrine identity test` and the page that shows what came and what became of it. */
export function explainRoles({ outcomes }: MappedRoles, attributes: Attributes): readonly string[] {
  return outcomes.map((outcome) => {
    const { rule } = outcome;
    const start = `Rule ${rule.number} (line ${rule.line})`;
    const names = rule.roles.join(', ');
    if (!outcome.fits)
      return `${start} does not give ${names}: ${outcome.missing.map((each) => explainMissing(each, attributes)).join('; ')}.`;
    if (outcome.because.length === 0) return `${start} gives ${names} to everybody whom the source knows.`;
    return `${start} gives ${names}: ${outcome.because.map(({ attribute, value }) => `${attribute} is "${shorten(value)}"`).join(', ')}.`;
  });
}

function judgeRule(attributes: Attributes, rule: RoleRule): RuleOutcome {
  if (rule.when === null) return { rule, fits: true, because: [] };
  const judged = judge(attributes, rule.when);
  return judged.fits ? { rule, fits: true, because: judged.because } : { rule, fits: false, missing: judged.missing };
}

type Judged =
  | { readonly fits: true; readonly because: readonly RoleEvidence[] }
  | { readonly fits: false; readonly missing: readonly RoleCondition[] };

function judge(attributes: Attributes, condition: RoleCondition): Judged {
  if (condition.kind === 'all') return judgeAll(condition.of.map((each) => judge(attributes, each)));
  if (condition.kind === 'any') return judgeAny(condition.of.map((each) => judge(attributes, each)));
  const value = (attributes.get(condition.attribute) ?? []).find((each) => fits(condition, each));
  return value === undefined ? { fits: false, missing: [condition] } : { fits: true, because: [{ attribute: condition.attribute, value }] };
}

/** Nothing at all fits nobody: an empty list never opens anything. */
function judgeAll(parts: readonly Judged[]): Judged {
  const missing = parts.flatMap((part) => (part.fits ? [] : part.missing));
  if (missing.length > 0 || parts.length === 0) return { fits: false, missing };
  return { fits: true, because: parts.flatMap((part) => (part.fits ? part.because : [])) };
}

function judgeAny(parts: readonly Judged[]): Judged {
  const first = parts.find((part) => part.fits);
  return first ?? { fits: false, missing: parts.flatMap((part) => (part.fits ? [] : part.missing)) };
}

type Leaf = Exclude<RoleCondition, { readonly kind: 'all' | 'any' }>;

function fits(condition: Leaf, value: string): boolean {
  if (condition.kind === 'scoped') return fitsScope(condition, value);
  const form = condition.ignoreCase ? foldCase : normal;
  const given = form(value);
  if (condition.kind === 'is') return condition.values.some((wanted) => form(wanted) === given);
  return condition.patterns.some((pattern) => matches(form(pattern), given));
}

/** Exactly one `@`, both sides whole: `member@example.edu@evil.example` has no scope at all. Neither side heeds case. */
function fitsScope({ affiliations, scopes }: Extract<Leaf, { kind: 'scoped' }>, value: string): boolean {
  const [affiliation = '', scope = '', ...rest] = foldCase(value).split('@');
  if (rest.length > 0 || affiliation === '' || scope === '') return false;
  return affiliations.some((wanted) => foldCase(wanted) === affiliation) && scopes.some((wanted) => holdsScope(foldCase(wanted), scope));
}

function holdsScope(wanted: string, scope: string): boolean {
  if (!wanted.startsWith('*.')) return wanted === scope;
  const domain = wanted.slice(1);
  return scope.endsWith(domain) && scope.length > domain.length;
}

/** Two fingers along text and pattern, so that no pattern takes longer than their product: what came is not ours. */
function matches(pattern: string, text: string): boolean {
  const [wanted, given] = [[...pattern], [...text]];
  let [p, t, star, from] = [0, 0, -1, 0];
  while (t < given.length) {
    if (wanted[p] === '*') {
      star = p;
      from = t;
      p += 1;
    } else if (p < wanted.length && (wanted[p] === '?' || wanted[p] === given[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      from += 1;
      p = star + 1;
      t = from;
    } else {
      return false;
    }
  }
  return wanted.slice(p).every((character) => character === '*');
}

function normal(text: string): string {
  return text.normalize('NFC');
}

function foldCase(text: string): string {
  return text.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

function explainMissing(condition: RoleCondition, attributes: Attributes): string {
  if (condition.kind === 'all' || condition.kind === 'any') return `${condition.kind} of nothing`;
  const values = attributes.get(condition.attribute) ?? [];
  const had =
    values.length === 0
      ? 'there is none'
      : `it is ${values
          .slice(0, 5)
          .map((value) => `"${shorten(value)}"`)
          .join(', ')}`;
  const more = values.length > 5 ? ` and ${values.length - 5} more` : '';
  return `${condition.attribute} must be ${describeWanted(condition)}, and ${had}${more}`;
}

function describeWanted(condition: Leaf): string {
  const quoted = (texts: readonly string[]) => texts.map((text) => `"${text}"`).join(' or ');
  if (condition.kind === 'is') return quoted(condition.values);
  if (condition.kind === 'like') return `like ${quoted(condition.patterns)}`;
  return `${quoted(condition.affiliations)} at ${quoted(condition.scopes)}`;
}

function shorten(text: string): string {
  const characters = [...text.replace(/\p{Cc}/gu, ' ')];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('');
}

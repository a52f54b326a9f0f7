/** Arithmetic of whole numbers and decimals without floating-point surprises: every rounding here is half up. */

const TEN_DECIMALS = 10n ** 10n;

/** `length × numerator ÷ denominator`, rounded to a whole number, and never less than 1: a side of an image. */
export function scaleSide(length: number, numerator: number, denominator: number): number {
  return Math.max(1, divide(BigInt(length) * BigInt(numerator), BigInt(denominator)));
}

/** So many percent of a length, rounded to a whole number. Percents count to ten decimals (Image API 2.1 §4). */
export function percentOf(percent: number, length: number): number {
  return divide(BigInt(length) * decimalUnits(percent), 100n * TEN_DECIMALS);
}

/** `length × factor`, rounded down. The factor counts to ten decimals. */
export function multiplyDown(length: number, factor: number): number {
  return Number((BigInt(length) * decimalUnits(factor)) / TEN_DECIMALS);
}

/** As short as it can be written: `90`, `22.5`, `0.5`. https://iiif.io/api/image/3.0/#47-floating-point-values */
export function writeDecimal(value: number): string {
  return value.toFixed(10).replace(/0+$/, '').replace(/\.$/, '');
}

/** Exact for what the grammar lets through: at most five digits before the point and ten after it fit a double. */
function decimalUnits(value: number): bigint {
  return BigInt(value.toFixed(10).replace('.', ''));
}

function divide(dividend: bigint, divisor: bigint): number {
  return Number((2n * dividend + divisor) / (2n * divisor));
}

/** Figures of a comparison as a reader says them. */
export function percentText(share: number): string {
  const percent = Math.abs(share) * 100;
  const digits = percent >= 10 ? 0 : 1;
  return `${share < 0 ? '−' : '+'}${plain(percent, digits)} %`;
}

/** A difference of logarithms as a change in per cent. */
export function changeText(logDifference: number): string {
  return percentText(Math.expm1(logDifference));
}

export function sharePercent(share: number): string {
  return `${plain(share * 100, 2)} %`;
}

export function pText(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  return `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/** Without zeros that say nothing. */
function plain(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

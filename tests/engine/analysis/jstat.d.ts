// The second opinion of the tests; it has no types of its own.
declare module 'jstat' {
  const module: {
    readonly jStat: {
      readonly studentt: {
        inv(p: number, df: number): number;
        cdf(x: number, df: number): number;
      };
      readonly poisson: { cdf(k: number, mean: number): number };
      readonly chisquare: { cdf(x: number, df: number): number };
      readonly hypgeom: { cdf(k: number, all: number, hits: number, drawn: number): number };
    };
  };
  export default module;
}

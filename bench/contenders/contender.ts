/** A contender: a way to send as many requests as `connections` users without think time can. */
export interface Contender {
  /** Sends for the given time and resolves with the number of requests that ended. */
  send(url: string, durationMs: number): Promise<number>;
}

export const connections = 50;

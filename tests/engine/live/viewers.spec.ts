/** Viewers that leave while others wait. An answer without a socket keeps its data. */
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { RunFollower } from '../../../load/live/run-follower.ts';
import { Viewers } from '../../../load/live/viewers.ts';
import { repeat } from '../budgets/make-result.ts';
import { requests, writeLog } from '../report/make-log.ts';
import { VirtualClock } from '../virtual-clock.ts';

class Viewer extends Writable {
  readonly heard: string[] = [];

  writeHead(): void {
    // The data is not read.
  }

  override _write(text: Buffer, _: BufferEncoding, done: () => void): void {
    for (const [, event] of text.toString().matchAll(/^event: (\w+)/gm)) this.heard.push(event!);
    done();
  }

  leave(): void {
    this.emit('close');
  }

  get asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

/** Its first look takes until the test releases it, like reading a long log. */
class SlowRun extends RunFollower {
  private readonly until: Promise<void>;

  constructor(folder: string, clock: VirtualClock, until: Promise<void>) {
    super(folder, { clock });
    this.until = until;
  }

  override async look(): Promise<void> {
    await this.until;
    await super.look();
  }
}

test('who waits for the whole is told what comes after, though another left meanwhile', async ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  writeLog(testInfo.outputPath('run/shop.ndjson'), { seconds: [[requests(repeat(50, 80))]] });
  const clock = new VirtualClock();
  let letGo = (): void => undefined;
  const until = new Promise<void>((resolve) => (letGo = resolve));
  const viewers = new Viewers({ clock, follow: () => new SlowRun(folder, clock, until) });
  const [first, second] = [new Viewer(), new Viewer()];
  const added = [first, second].map((viewer) => viewers.add(viewer.asResponse, 'run', undefined));
  first.leave();
  expect(viewers.count).toBe(1);
  letGo();
  await Promise.all(added);
  for (let n = 0; n < 5; n++) await viewers.tick();
  expect(first.heard).toEqual([]);
  expect(second.heard).toEqual(['whole', 'sign']);
});

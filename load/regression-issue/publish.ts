/** One issue per regression: opened once, commented on while it lasts, closed when it is gone. */
import {
  followed,
  goneText,
  issueText,
  marker,
  nameOf,
  runMarker,
  stillThereText,
  type IssueContext,
} from './compose.ts';
import { worthAnIssue, type Subject } from './regressions.ts';
import type { OpenIssue, Tracker } from './tracker.ts';

/** `tell` receives each action when it is done, so that it is reported even if a later one fails. */
export async function publish(
  subjects: readonly Subject[],
  context: IssueContext,
  tracker: Tracker,
  tell: (line: string) => void,
): Promise<void> {
  const known = await tracker.openIssues();
  const opened = worthAnIssue(subjects);
  for (const subject of subjects) {
    const issue = known.find(({ body }) => body.includes(marker(subject.fingerprint)));
    if (issue !== undefined) tell(await follow(subject, issue, context, tracker));
    else if (opened.includes(subject)) {
      const { url } = await tracker.open(issueText(subject, context));
      tell(`opened ${url}: ${nameOf(subject)}`);
    } else if (subject.state === 'red') tell(`not confirmed by a rerun: ${nameOf(subject)}`);
  }
}

/** Resolves with the actions. */
async function follow(
  subject: Subject,
  issue: OpenIssue,
  context: IssueContext,
  tracker: Tracker,
): Promise<string> {
  const { number, url, body } = issue;
  const name = nameOf(subject);
  if (subject.state === 'gone') {
    await tracker.comment(number, goneText(subject, context));
    await tracker.close(number);
    return `closed ${url}: ${name} is gone`;
  }
  if (subject.state === 'unclear') return `left ${url} as it is: ${name} could not be judged`;
  // The command may be called twice for one run.
  const isTold = body.includes(runMarker(context.run.runId));
  if (isTold) return `left ${url} as it is: it tells of this run`;
  await tracker.comment(number, stillThereText(subject, context));
  await tracker.edit(number, followed(issue, subject, context));
  return `commented on ${url}: ${name} is still there`;
}

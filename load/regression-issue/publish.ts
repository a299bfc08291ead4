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

/** Tells each thing that was done, as it is done: what was done stays so if a later one fails. */
type Tell = (line: string) => void;

export async function publish(
  subjects: readonly Subject[],
  context: IssueContext,
  tracker: Tracker,
  tell: Tell,
): Promise<void> {
  const known = await tracker.openIssues();
  const opened = worthAnIssue(subjects);
  for (const subject of subjects) {
    const issue = known.find(({ body }) => body.includes(marker(subject.fingerprint)));
    if (issue !== undefined) await follow(subject, issue, context, tracker, tell);
    else if (opened.includes(subject)) {
      const { url } = await tracker.open(issueText(subject, context));
      tell(`opened ${url}: ${nameOf(subject)}`);
    } else if (subject.state === 'red') tell(`not confirmed by a rerun: ${nameOf(subject)}`);
  }
}

async function follow(
  subject: Subject,
  issue: OpenIssue,
  context: IssueContext,
  tracker: Tracker,
  tell: Tell,
): Promise<void> {
  const { number, url, body } = issue;
  if (subject.state === 'gone') {
    await tracker.comment(number, goneText(subject, context));
    await tracker.close(number);
    tell(`closed ${url}: ${nameOf(subject)} is gone`);
  } else if (subject.state === 'unclear') {
    tell(`left ${url} as it is: ${nameOf(subject)} could not be judged`);
  } else if (isOfRun(body, context)) {
    tell(`left ${url} as it is: it tells of this run`);
  } else {
    await tracker.comment(number, stillThereText(subject, context));
    await tracker.edit(number, followed(issue, subject, context));
    tell(`commented on ${url}: ${nameOf(subject)} is still there`);
  }
}

/** The command may be given twice for one run. */
function isOfRun(body: string, { run }: IssueContext): boolean {
  return body.includes(runMarker(run.runId));
}

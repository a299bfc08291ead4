/** The options of the reporter. */
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import type { Results } from '../files/results-json.ts';
import type { ReportSection } from '../text/report-section.ts';

/**
 * For the merge and for tests: replaces the settings and the standard streams.
 * @example
 * export default defineConfig({ reporter: [['list'], ['loadwright/reporter', { quiet: true }]] });
 */
export interface LoadReporterOptions {
  readonly runFolder?: string;
  readonly quiet?: boolean;
  readonly print?: (text: string) => void;
  readonly complain?: (text: string) => void;
  /** Sections that only some loads have, for the console and the files. */
  readonly sections?: readonly ReportSection[];
  /** Logs known to be missing, for a run whose blob reports are merged. */
  readonly missing?: Results['unreadable'];
  /** Loads that the merge has read and judged already. */
  readonly known?: readonly JudgedLoad[];
  /** Whether another reporter prints the failures. Default: as the run's configuration says. */
  readonly isToldElsewhere?: boolean;
}

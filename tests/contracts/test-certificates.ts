/** Certificates made by openssl for one test run, in a temporary folder, so that no key is committed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const dates = {
  valid: [],
  expired: ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'],
} as const;

/** A certificate authority of the test's own. */
export class TestAuthority {
  readonly ca: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  private issued = 0;

  constructor() {
    this.openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=test authority',
    );
    this.ca = this.read('ca.pem');
    this.write('index.txt', '');
    this.write('serial', '01');
    const section =
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\nunique_subject=no\npolicy=p\ndefault_days=2\n[p]\ncommonName=supplied\n';
    this.write('ca.cnf', section);
  }

  /** `names`: subject alternative names, such as `DNS:localhost` or `IP:127.0.0.1`. */
  issue(names: string, validity: keyof typeof dates = 'valid'): Pair {
    const stem = `c${this.issued++}`;
    this.openssl(
      'req',
      ...newKey,
      '-keyout',
      `${stem}.key`,
      '-out',
      `${stem}.csr`,
      '-subj',
      `/CN=${stem}`,
    );
    this.write(`${stem}.ext`, `subjectAltName=${names}\n`);
    this.openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-in',
      `${stem}.csr`,
      '-out',
      `${stem}.pem`,
      '-extfile',
      `${stem}.ext`,
      ...dates[validity],
    );
    return { cert: this.read(`${stem}.pem`), key: this.read(`${stem}.key`) };
  }

  selfSigned(): Pair {
    this.openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      's.key',
      '-out',
      's.pem',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    );
    return { cert: this.read('s.pem'), key: this.read('s.key') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}

/**
 * The live page. Start reading here. It shows the parts of the load report, which redraw when they get
 * new data. It computes no figures; the server does.
 */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ThemeButton } from '../../report/html/page/theme.tsx';
import { CompareView } from './compare-view.tsx';
import { HomeView } from './home-view.tsx';
import { RunView } from './run-view.tsx';
import type { LiveHome } from '../page-data.ts';
import { ask, places, wordsOf } from './server.ts';

// The cookie gives access from now on, so the token is removed from the URL, the history and screenshots.
if (location.search !== '') history.replaceState(null, '', `/${location.hash}`);

function usePlace(): readonly string[] {
  const read = (): string[] => location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent);
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const follow = (): void => {
      setPlace(read());
    };
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  return place;
}

function App() {
  const [home, setHome] = useState<LiveHome>();
  const [told, setTold] = useState('');
  useEffect(() => {
    ask<LiveHome>('/api/home').then(setHome, (error: unknown) => {
      setTold(wordsOf(error));
    });
  }, []);
  const [kind = '', first = '', second = ''] = usePlace();
  if (home === undefined) return <p role="status">{told}</p>;
  if (home.only !== undefined || kind === 'run') {
    const run = home.only ?? first;
    const load = kind === 'run' ? second : '';
    return <RunView key={`${run}/${load}`} home={home} run={run} load={load || undefined} />;
  }
  return (
    <>
      <header class="run">
        <p class="run-name">
          <b>
            <a href={places.home}>Load runs</a>
          </b>
        </p>
        <p class="run-totals" />
        <ThemeButton />
      </header>
      <main>
        {kind === 'compare' ? (
          <CompareView key={`${first}/${second}`} before={first} after={second} />
        ) : (
          <HomeView home={home} />
        )}
      </main>
    </>
  );
}

const root = document.getElementById('page')!;
root.replaceChildren();
render(<App />, root);

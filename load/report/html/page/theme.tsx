/** Light or dark colours: as in the system's settings, or as the reader chooses. */
import { useEffect, useState } from 'preact/hooks';
import type { Colour } from '../page-data.ts';

type Theme = 'light' | 'dark';

const listeners = new Set<() => void>();
const system = matchMedia('(prefers-color-scheme: dark)');
const themeOf = ({ matches }: { readonly matches: boolean }): Theme => (matches ? 'dark' : 'light');
let chosen: Theme = themeOf(system);

function show(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

function choose(theme: Theme): void {
  chosen = theme;
  show(theme);
}

choose(chosen);
system.addEventListener('change', (event) => {
  choose(themeOf(event));
});
// Printed pages are light.
addEventListener('beforeprint', () => {
  show('light');
});
addEventListener('afterprint', () => {
  show(chosen);
});

/** A counter of changes, so that charts redraw with the new colours. */
export function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const listener = (): void => {
      setChanges((count) => count + 1);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return changes;
}

export function colourOf(
  name: Colour | 'paper' | 'rule' | 'shade' | 'moment' | 'stall' | 'heat',
): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function ThemeButton() {
  useTheme();
  const other = chosen === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="theme"
      onClick={() => {
        choose(other);
      }}
    >
      {other === 'dark' ? 'Dark page' : 'Light page'}
    </button>
  );
}

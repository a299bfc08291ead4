/** The most important part: the verdict with its reason, and whether the measurement is valid. */
import type { Item, LoadPage, Span } from '../page-data.ts';

interface Props {
  readonly load: LoadPage;
  readonly onMoment: (at: Span) => void;
}

export function VerdictView({ load, onMoment }: Props) {
  const { id, title, tone, verdict, sentence, trust, points } = load;
  return (
    <section class={`card verdict ${tone}`}>
      <p class="load-name">
        {id} <span class="load-title">{title}</span>
      </p>
      <h1>
        <span class={`badge ${tone}`}>{verdict}</span> {sentence}
      </h1>
      <p class={`trust ${trust.tone}`}>{trust.text}</p>
      {points.map(({ title: name, items }) => (
        <div key={name} class="points">
          <h2>{name}</h2>
          <ul>
            {items.map((item) => (
              <PointItem key={item.text} item={item} onMoment={onMoment} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function PointItem({
  item: { text, at },
  onMoment,
}: {
  readonly item: Item;
  readonly onMoment: Props['onMoment'];
}) {
  if (at === undefined) return <li>{text}</li>;
  return (
    <li>
      <button
        type="button"
        class="row-choice"
        onClick={() => {
          onMoment(at);
        }}
      >
        {text}
      </button>
    </li>
  );
}

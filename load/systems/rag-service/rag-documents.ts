/**
 * Documents and questions: reports on machines, each with four sentences of 9 to 15 words, and for each
 * sentence the question that it answers.
 */
import { oneOf } from '../../platform/lists.ts';
import { fingerprintOf } from '../phrases.ts';

export interface Fact {
  readonly sentence: string;
  readonly question: string;
}

const factsPerDocument = 4;

/** Fillings of the placeholders in a fact; `{#40}` is a number from 2 to 41. */
const fillings: Readonly<Record<string, readonly string[]>> = {
  thing: ['pump', 'boiler', 'lift', 'conveyor', 'press', 'compressor', 'crane', 'kiln', 'mixer'],
  person: ['Ada', 'Bruno', 'Chen', 'Dilara', 'Emeka', 'Freya', 'Goran', 'Hana', 'Ines', 'Jonas'],
  place: ['hall', 'workshop', 'yard', 'basement', 'laboratory', 'tower', 'store', 'boiler house'],
  part: ['filter', 'bearing', 'seal', 'belt', 'valve', 'sensor', 'motor', 'gasket'],
  trouble: [
    'noise',
    'vibration',
    'a leak of oil',
    'overheating',
    'a loss of pressure',
    'corrosion',
  ],
  month: ['January', 'March', 'May', 'July', 'September', 'November'],
  certificate: ['the inspectorate', 'the insurer', 'the manufacturer', 'the fire brigade'],
};

/** `machine` is the document's. A part or place that is drawn for the sentence is also in the question. */
const kinds: readonly Fact[] = [
  {
    sentence: 'The {machine} stands in the {place} of building {#40}.',
    question: 'In which building does the {machine} stand?',
  },
  {
    sentence: '{person} looks after the {machine} and answers on extension {#900}.',
    question: 'Who looks after the {machine}, and on which extension?',
  },
  {
    sentence: 'The {part} of the {machine} has to be changed every {#24} months.',
    question: 'How often has the {part} of the {machine} to be changed?',
  },
  {
    sentence: 'The {machine} must be switched off when its oil is hotter than {#90} degrees.',
    question: 'At which oil temperature must the {machine} be switched off?',
  },
  {
    sentence: 'In {month} the {machine} was out of service because of {trouble}.',
    question: 'Why was the {machine} out of service in {month}?',
  },
  {
    sentence: 'A new {part} for the {machine} takes {#30} days to arrive.',
    question: 'How long does a new {part} for the {machine} take to arrive?',
  },
  {
    sentence: '{person} has asked for the {machine} to be replaced within {#9} years.',
    question: 'Who wants the {machine} to be replaced, and when?',
  },
  {
    sentence: 'The {machine} may be opened once its pressure is below {#8} bar.',
    question: 'Below which pressure may the {machine} be opened?',
  },
  {
    sentence: 'The {machine} was last approved by {certificate} in {month}.',
    question: 'Who approved the {machine} last, and in which month?',
  },
  {
    sentence: 'At full load the {machine} takes {#90} kilowatts.',
    question: 'How many kilowatts does the {machine} take at full load?',
  },
  {
    sentence: 'Above {#2000} turns a minute the {machine} shows {trouble}.',
    question: 'What does the {machine} show at high speed?',
  },
  {
    sentence: 'Spare parts of the {machine} lie on shelf {#80} of the {place}.',
    question: 'On which shelf are the spare parts of the {machine}?',
  },
];

export const documentTexts = fingerprintOf(fillings, kinds);

type Draw = () => number;

/** A report of four sentences on one machine. Machines are numbered, so that few are the same. */
export function newDocument(draw: Draw): { readonly text: string; readonly facts: Fact[] } {
  const machine = `${oneOf(fillings['thing']!, draw)} ${1000 + Math.floor(draw() * 9000)}`;
  const facts = someOf(kinds, factsPerDocument, draw).map((kind) => filled(kind, machine, draw));
  return { text: facts.map(({ sentence }) => sentence).join(' '), facts };
}

/** Several different members of a list. */
function someOf<Member>(list: readonly Member[], count: number, draw: Draw): Member[] {
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(Math.floor(draw() * left.length), 1)[0]!);
}

function filled({ sentence, question }: Fact, machine: string, draw: Draw): Fact {
  const drawn: Record<string, string> = { machine };
  const fill = (text: string): string =>
    text.replaceAll(/\{#?(\w+)\}/g, (braces, name: string) =>
      braces.startsWith('{#')
        ? String(2 + Math.floor(draw() * Number(name)))
        : (drawn[name] ??= oneOf(fillings[name]!, draw)),
    );
  return { sentence: fill(sentence), question: fill(question) };
}

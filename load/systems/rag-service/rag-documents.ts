/** What users index and ask: made-up facts, each with the question that it answers. */
import { oneOf } from '../../platform/lists.ts';

export interface Fact {
  readonly sentence: string;
  readonly question: string;
}

const things = ['pump', 'boiler', 'lift', 'conveyor', 'press', 'compressor', 'crane', 'kiln'];
const people = ['Ada', 'Bruno', 'Chen', 'Dilara', 'Emeka', 'Freya', 'Goran', 'Hana'];
const places = ['hall', 'workshop', 'yard', 'basement', 'laboratory', 'tower'];
const parts = ['filter', 'bearing', 'seal', 'belt', 'valve', 'sensor'];

type Draw = () => number;

/** A report on one machine, of four sentences; machines are numbered so that most are unlike. */
export function newDocument(draw: Draw): { readonly text: string; readonly facts: Fact[] } {
  const machine = `${oneOf(things, draw)} ${1000 + Math.floor(draw() * 9000)}`;
  const facts = sentencesOn(machine, draw);
  return { text: facts.map(({ sentence }) => sentence).join(' '), facts };
}

function sentencesOn(machine: string, draw: Draw): Fact[] {
  const number = (upTo: number): number => 2 + Math.floor(draw() * upTo);
  const part = oneOf(parts, draw);
  return [
    {
      sentence: `The ${machine} stands in the ${oneOf(places, draw)} of building ${number(40)}.`,
      question: `Where does the ${machine} stand?`,
    },
    {
      sentence: `${oneOf(people, draw)} looks after the ${machine} and answers on extension ${number(900)}.`,
      question: `Who looks after the ${machine}?`,
    },
    {
      sentence: `The ${part} of the ${machine} has to be changed every ${number(24)} months.`,
      question: `How often has the ${part} of the ${machine} to be changed?`,
    },
    {
      sentence: `The ${machine} must be switched off when its oil is hotter than ${number(90)} degrees.`,
      question: `At which oil temperature must the ${machine} be switched off?`,
    },
  ];
}

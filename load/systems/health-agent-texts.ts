/** Texts for users of a health agent: questions of 12 to 22 words, and foods with usual portions. */
import { sentencesOf } from './phrases.ts';

export interface Portion {
  readonly food_name: string;
  /** With its unit, as text. */
  readonly quantity: string;
}

export const healthQuestions: readonly string[] = sentencesOf(
  [
    'What should I eat before {sport}, and how long before it?',
    'How much water do I need after {sport} on a hot day?',
    'How many calories does {sport} burn for somebody of my weight?',
    'I want to {goal}. What would you change about my meals first?',
    'I want to {goal}, but I only have half an hour a day. Where do I start?',
    'What do you make of the food that I logged this week if I want to {goal}?',
    'I have {symptom}. Could that come from what I eat or drink?',
    'For a week now I have had {symptom}. When should I see a doctor about it?',
    'Would {sport} three times a week help me to {goal}?',
    'Is it a good idea to plan {sport} when I have {symptom}?',
    'Can you suggest something for my {meal} that is {diet} and takes less than twenty minutes?',
    'Please plan my {meal} for tomorrow so that it is {diet} and not too expensive.',
    'My {meal} yesterday was very large. How do I balance that today if I want to {goal}?',
  ],
  {
    sport: [
      'a morning run',
      'a long bike ride',
      'an hour of swimming',
      'a football match',
      'weight training',
      'a yoga class',
      'a walk in the hills',
    ],
    goal: [
      'lose three kilos before summer',
      'sleep through the night',
      'lower my cholesterol',
      'build up muscle',
      'run ten kilometres',
      'eat less sugar',
      'have more energy at work',
    ],
    symptom: [
      'a headache every afternoon',
      'pain in my left knee',
      'trouble falling asleep',
      'cramps in my calves at night',
      'a cold that does not go away',
      'heartburn after dinner',
      'a stiff neck in the morning',
    ],
    meal: ['breakfast', 'lunch', 'dinner', 'afternoon snack'],
    diet: [
      'vegetarian',
      'without lactose',
      'low in salt',
      'rich in protein',
      'without gluten',
      'rich in fibre',
    ],
  },
);

/** Portions of foods that are weighed in grams, drunk in millilitres, or counted. */
const portions: Readonly<Record<string, readonly string[]>> = {
  oatmeal: ['60g', '80g', '100g'],
  banana: ['120g', '170g'],
  apple: ['150g', '180g'],
  'lentil soup': ['250g', '350g'],
  'rye bread': ['50g', '100g'],
  yoghurt: ['150g', '200g'],
  'grilled fish': ['140g', '200g'],
  'chicken breast': ['120g', '170g', '220g'],
  'brown rice': ['150g', '180g', '250g'],
  'scrambled eggs': ['120g', '180g'],
  'mixed salad': ['100g', '200g'],
  'cottage cheese': ['100g', '200g'],
  'roasted almonds': ['25g', '40g'],
  'peanut butter': ['15g', '30g'],
  'baked potato': ['200g', '300g'],
  'vegetable curry': ['300g', '400g'],
  'dark chocolate': ['20g', '40g'],
  'tomato pasta': ['250g', '350g'],
  'orange juice': ['200ml', '300ml'],
  'oat milk': ['150ml', '250ml'],
  'black coffee': ['200ml', '330ml'],
  'green tea': ['250ml', '500ml'],
};

export const foodPortions: readonly Portion[] = Object.entries(portions).flatMap(
  ([food_name, quantities]) => quantities.map((quantity) => ({ food_name, quantity })),
);

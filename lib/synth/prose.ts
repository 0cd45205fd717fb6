/** Texts that are set on the sample pages. */
export const essay = {
  title: 'A Garden Above the Harbor',
  byline: 'Notes from a small lighthouse',
  left: [
    'When the last keeper left in 1974, he gave the key to a neighbor and asked only one thing: that somebody water the beans. Nobody had told us that a lighthouse could have a garden.',
    'It lies behind the engine house, out of the wind, on soil that was carried up the cliff in flour sacks. There are forty-one steps from the gate to the first bed.',
    'In spring the wall keeps the warmth of the day, and the peas climb higher than the door.',
  ],
  right: [
    'We come on Saturdays, three or four of us, with bread and a can of paint. The lamp has been electric for years and needs no one; the garden does.',
    'Visitors ask what the brass plate says. It says that the light is visible for 18 miles, and below it, scratched with a nail, that the strawberries are ready in June.',
    'If you find the gate open, come in. If you find it shut, the key is under the blue pot.',
  ],
} as const;

export const letter = [
  'Dear Ms. Alvarez,',
  'Thank you for your letter of 3 March. The reading room will be open again from Monday, 12 May, and we have kept the seat by the north window for you.',
  'The two volumes that you asked for have come back from the binder. They may be used in the room, but they cannot be taken home; a copy of single pages costs 20 cents.',
  'Please bring your card and a pencil. Ink is not allowed near the older maps, and the lamps are switched off at half past six.',
  'With kind regards,',
  'Jonas Weber, Librarian',
] as const;

export const receipt = {
  head: ['CAFE MERIDIAN', '14 Canal Street', 'Tel 555-0142'],
  items: [
    ['2 Flat white', '7.60'],
    ['1 Green tea', '2.90'],
    ['1 Apple cake', '4.20'],
    ['3 Butter roll', '5.10'],
    ['1 Orange juice', '3.80'],
  ],
  total: ['TOTAL', '23.60'],
  foot: ['Paid by card', '21/11/2026 09:47', 'Thank you!'],
} as const;

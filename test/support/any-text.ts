import fc from 'fast-check';

/** Texts of any code points. fast-check's own `binary` needs most of a second for its tables, in each process. */
export const anyText = fc.string({
  unit: fc
    .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
    .map((point) => String.fromCodePoint(point)),
});

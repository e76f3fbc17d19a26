import type { SeededNumbers } from "./seeded-numbers.js";

/** A small picture made of flat tiles, 8 by 8 pixels each: what every generator here draws. */
export interface Picture {
  readonly tilesAcross: number;
  readonly tilesDown: number;
  /** Red, green and blue of each tile, row by row. */
  readonly tiles: Uint8Array;
}

export const tileSide = 8;

/**
 * A small landscape, sky, sun and two rows of hills: different for every call, since its colours and shapes come
 * from `numbers`. The same numbers give the same landscape in any size.
 */
export function drawPicture(numbers: SeededNumbers, tilesAcross = 16, tilesDown = 12): Picture {
  const [sky, land, light] = [numbers.bytes(3), numbers.bytes(3), numbers.bytes(3)];
  const sun = { x: numbers.below(1000) / 1000, y: 0.15 + numbers.below(1000) / 2500 };
  const hill = (share: number, turn: number) =>
    0.07 * Math.sin(share * 6 + turn) + 0.04 * Math.sin(share * 13 + turn);
  const tiles = new Uint8Array(tilesAcross * tilesDown * 3);
  for (let y = 0; y < tilesDown; y++) {
    for (let x = 0; x < tilesAcross; x++) {
      const at = { x: (x + 0.5) / tilesAcross, y: (y + 0.5) / tilesDown };
      const isNear = at.y > 0.8 + hill(at.x, land[0]! / 40);
      const isFar = at.y > 0.62 + hill(at.x, land[1]! / 40);
      const isSun = Math.hypot((at.x - sun.x) * 1.33, at.y - sun.y) < 0.1;
      for (let channel = 0; channel < 3; channel++) {
        const level = isNear
          ? 30 + land[channel]! * 0.35
          : isFar
            ? 80 + land[channel]! * 0.4
            : isSun
              ? 205 + light[channel]! * 0.19
              : 105 + sky[channel]! * 0.35 + at.y * 70;
        tiles[(y * tilesAcross + x) * 3 + channel] = Math.min(255, level);
      }
    }
  }
  // One tile of noise, so that two pictures never have the same bytes by chance of colour.
  tiles.set(numbers.bytes(3), 0);
  return { tilesAcross, tilesDown, tiles };
}

export function widthOf(picture: Picture): number {
  return picture.tilesAcross * tileSide;
}

export function heightOf(picture: Picture): number {
  return picture.tilesDown * tileSide;
}

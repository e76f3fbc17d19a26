import type { SeededNumbers } from "./seeded-numbers.js";

/** A small picture made of flat tiles, 8 by 8 pixels each: what every generator here draws. */
export interface Picture {
  readonly tilesAcross: number;
  readonly tilesDown: number;
  /** Red, green and blue of each tile, row by row. */
  readonly tiles: Uint8Array;
}

export const tileSide = 8;

/** A soft gradient with one spot: different for every call, since its colours come from `numbers`. */
export function drawPicture(numbers: SeededNumbers, tilesAcross = 16, tilesDown = 12): Picture {
  const [from, to, spot] = [numbers.bytes(3), numbers.bytes(3), numbers.bytes(3)];
  const spotAt = { x: numbers.below(tilesAcross), y: numbers.below(tilesDown) };
  const tiles = new Uint8Array(tilesAcross * tilesDown * 3);
  for (let y = 0; y < tilesDown; y++) {
    for (let x = 0; x < tilesAcross; x++) {
      const isSpot = Math.abs(x - spotAt.x) < 2 && Math.abs(y - spotAt.y) < 2;
      const share = (x + y) / (tilesAcross + tilesDown - 2);
      for (let channel = 0; channel < 3; channel++) {
        const blend = from[channel]! * (1 - share) + to[channel]! * share;
        tiles[(y * tilesAcross + x) * 3 + channel] = isSpot ? spot[channel]! : blend;
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

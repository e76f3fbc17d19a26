import { byId } from "./element.js";
import type { Grid } from "./grid.js";
import type { Selection } from "./selection.js";
import * as choosing from "./selection.js";

/** From so near to an edge on the page scrolls by itself. */
const EDGE = 48;
/** Less than this is a click. */
const LEAST_PIXELS = 4;

/** A box drawn with the mouse on empty ground chooses what it touches; a click there chooses nothing. */
export function drawBoxes(grid: Grid, onSelection: (selection: Selection) => void): void {
  const ground = byId("ground");
  const band = byId("band");
  ground.addEventListener("pointerdown", (down) => {
    const isOnGround = (down.target as HTMLElement).closest(".tile, button, a, input") === null;
    if (down.button !== 0 || down.pointerType === "touch" || !isOnGround) return;
    down.preventDefault();
    const before = down.metaKey || down.ctrlKey || down.shiftKey ? grid.selection.chosen : new Set<number>();
    const start = onGround(ground, down);
    const signals = new AbortController();
    const { signal } = signals;
    let last: { clientX: number; clientY: number } = down;
    let hasMoved = false;
    let frame = 0;
    ground.setPointerCapture(down.pointerId);

    const draw = () => {
      const now = onGround(ground, last);
      const box = {
        left: Math.min(start.x, now.x),
        top: Math.min(start.y, now.y),
        right: Math.max(start.x, now.x),
        bottom: Math.max(start.y, now.y),
      };
      if (!hasMoved && box.right - box.left < LEAST_PIXELS && box.bottom - box.top < LEAST_PIXELS) return;
      hasMoved = true;
      band.hidden = false;
      band.style.left = `${box.left}px`;
      band.style.top = `${box.top}px`;
      band.style.width = `${box.right - box.left}px`;
      band.style.height = `${box.bottom - box.top}px`;
      const touched = grid.placesIn(box).map((place) => grid.shown.ids[place]!);
      onSelection(choosing.chooseBox(grid.selection, grid.shown, touched, before));
    };
    const scrollAtEdge = () => {
      const above = EDGE - last.clientY;
      const below = last.clientY - (innerHeight - EDGE);
      const by = above > 0 ? -above / 2 : below > 0 ? below / 2 : 0;
      if (by !== 0 && hasMoved) {
        scrollBy({ top: by, behavior: "instant" });
        draw();
      }
      frame = requestAnimationFrame(scrollAtEdge);
    };
    frame = requestAnimationFrame(scrollAtEdge);
    const end = () => {
      signals.abort();
      cancelAnimationFrame(frame);
      band.hidden = true;
    };
    ground.addEventListener(
      "pointermove",
      (move) => {
        last = move;
        draw();
      },
      { signal },
    );
    ground.addEventListener(
      "pointerup",
      () => {
        if (!hasMoved && before.size === 0) onSelection(choosing.chooseNone(grid.selection));
        end();
      },
      { signal },
    );
    ground.addEventListener("pointercancel", end, { signal });
    ground.addEventListener("lostpointercapture", end, { signal });
  });
}

function onGround(ground: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }) {
  const { left, top } = ground.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

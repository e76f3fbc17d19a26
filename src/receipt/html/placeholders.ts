import { fileKind } from "../../media/file-kinds.js";
import { html, type Markup } from "./markup.js";

/** 40 by 30, in the one colour that is quiet by day and by night. */
const DRAWINGS = {
  photo: '<circle cx="28" cy="10" r="3"/><path d="M4 25 15 11l8 9 4-4 9 9z"/>',
  video: '<path d="M15 8v14l13-7z"/>',
  raw: '<path d="M20 6a9 9 0 1 0 .01 0zm0 3a6 6 0 1 1-.01 0zm0 3a3 3 0 1 0 .01 0z"/>',
  page: '<path d="M14 5h8l5 5v15H14zm2 2v16h9V11h-4V7z"/>',
  cloud: '<path d="M12 21a5 5 0 0 1 0-10 7 7 0 0 1 13.5-1A5.5 5.5 0 0 1 28 21z"/>',
} as const;

/** The drawings as backgrounds: thousands of them on a page cost one element each. */
export const PLACEHOLDER_STYLE = Object.entries(DRAWINGS)
  .map(([name, drawing]) => {
    const image = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30" fill="#a39b8b">${drawing}</svg>`;
    return `.p-${name} { background-image: url("data:image/svg+xml,${encodeURIComponent(image)}"); }\n`;
  })
  .join("");

/** Stands where the phone has no small picture of an item. */
export function placeholder(path: string, isInICloudOnly: boolean): Markup {
  return html`<span class="picture ${drawingClass(path, isInICloudOnly)}"></span>`;
}

export function drawingClass(path: string, isInICloudOnly: boolean): string {
  return `p-${isInICloudOnly ? "cloud" : drawingOf(path)}`;
}

function drawingOf(path: string): keyof typeof DRAWINGS {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  switch (fileKind(extension)) {
    case "photo":
      return "photo";
    case "video":
      return "video";
    case "raw":
      return "raw";
    default:
      return "page";
  }
}

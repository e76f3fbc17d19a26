const SVG = "http://www.w3.org/2000/svg";

/** 24 by 24. */
const DRAWINGS = {
  photo:
    "M8.2 5.5 9.6 3.5h4.8l1.4 2H19a2 2 0 0 1 2 2V18a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7.5a2 2 0 0 1 2-2zM12 8.5a4 4 0 1 0 .01 0z",
  video: "M5 6h9a2 2 0 0 1 2 2v1.8l4-2.4v9.2l-4-2.4V16a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z",
  raw: "M12 3a9 9 0 1 0 .01 0zm0 3.2a5.8 5.8 0 1 1-.01 0zm0 3a2.8 2.8 0 1 0 .01 0z",
  live: "M12 3a9 9 0 1 0 .01 0zm0 1.6a7.4 7.4 0 1 1-.01 0zm0 2.6a4.8 4.8 0 1 0 .01 0zm0 1.6a3.2 3.2 0 1 1-.01 0z",
  screenshot: "M8 2h8a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm0 3v14h8V5z",
  heart: "M12 20.5 4.3 12.9a4.9 4.9 0 0 1 0-7 5 5 0 0 1 7 0l.7.7.7-.7a5 5 0 0 1 7 0 4.9 4.9 0 0 1 0 7z",
  edited: "M4 20v-4L15 5l4 4L8 20zM16.4 3.6l1-1a1.4 1.4 0 0 1 2 0l2 2a1.4 1.4 0 0 1 0 2l-1 1z",
  cloud: "M7 19a5 5 0 0 1-.6-9.96A6.5 6.5 0 0 1 19 10.6 4.2 4.2 0 0 1 18 19z",
  tick: "M9.6 17.6 4 12l1.7-1.7 3.9 3.9L18.3 5.5 20 7.2z",
  cross: "m12 10.3 5-5L18.7 7l-5 5 5 5-1.7 1.7-5-5-5 5L5.3 17l5-5-5-5L7 5.3z",
  left: "M15.5 4 17 5.5 10.5 12l6.5 6.5-1.5 1.5-8-8z",
  right: "M8.5 4 7 5.5l6.5 6.5L7 18.5 8.5 20l8-8z",
  phone:
    "M8 1.8h8A2.2 2.2 0 0 1 18.200 4v16a2.2 2.2 0 0 1-2.200 2.200H8A2.200 2.200 0 0 1 5.800 20V4A2.200 2.200 0 0 1 8 1.800zm0 1.700a.5.5 0 0 0-.5.5v16c0 .3.2.5.5.5h8a.5.5 0 0 0 .5-.5V4a.5.5 0 0 0-.5-.5h-1.700v.8H9.700v-.8z",
  eject: "M12 5 4.500 14h15zM4.500 16.500h15V19h-15z",
  receipt:
    "M5 2h14v20l-2.300-1.500L14.300 22 12 20.500 9.700 22l-2.400-1.500L5 22zm3 5v1.600h8V7zm0 4v1.600h8V11zm0 4v1.600h5V15z",
  leave:
    "M4 4h9v2H6v12h7v2H4zm11.500 3.500 4.500 4.500-4.500 4.500-1.400-1.400 2.100-2.100H9v-2h7.200l-2.100-2.100z",
  check: "M12 2.500a9.500 9.500 0 1 0 .01 0zm0 2a7.500 7.500 0 1 1-.01 0zM11 16v-5.500h2V16zm0-7.500v-2h2v2z",
} as const;

export type IconName = keyof typeof DRAWINGS;

/** A drawing in the colour of the text around it; to be seen only, its meaning stands beside it in words. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

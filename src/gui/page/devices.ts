import { byId, element, fill } from "./element.js";
import { icon } from "./icon.js";
import type { DoRemedy } from "./remedy.js";
import { troubleNodes } from "./remedy.js";
import type { PageState, PhoneOnCable } from "./server-state.js";
import { whenChanged } from "./when-changed.js";
import { shortName } from "./words.js";

interface DevicesHooks {
  readonly onOpen: (udid: string) => void;
  readonly onEject: (udid: string) => void;
  readonly doRemedy: DoRemedy;
}

/** Every phone on the cable, as in the sidebar of Photos: its name, its sentence and what to do. */
export function devices(hooks: DevicesHooks): (state: PageState) => void {
  const draw = whenChanged((shown: ReturnType<typeof whatIsShown>) => {
    const { service, phones } = shown;
    const list = byId("phones");
    const hadFocus = list.contains(document.activeElement) ? document.activeElement?.id : undefined;
    if (service !== null)
      fill(list, element("li", { class: "trouble" }, troubleNodes(service, hooks.doRemedy)));
    else if (phones.length === 0) fill(list, element("li", { class: "soft none-yet" }, "None on the cable."));
    else
      fill(
        list,
        phones.map((phone, at) => phoneNode(phone, at, hooks)),
      );
    if (hadFocus) document.getElementById(hadFocus)?.focus();
  });
  return (state) => draw(whatIsShown(state));
}

interface ShownPhone extends PhoneOnCable {
  readonly isOpened: boolean;
  readonly isInMiddle: boolean;
  readonly mayEject: boolean;
}

function whatIsShown({ service, phones, opened, run, can }: PageState) {
  const isBusy = run !== null && run.end === null && !run.isSafeToUnplug;
  return {
    service,
    phones: phones.map((phone): ShownPhone => {
      const isOpened = phone.udid !== null && phone.udid === opened?.udid;
      const isInMiddle = isOpened || (opened === null && phones.length === 1);
      return { ...phone, isOpened, isInMiddle, mayEject: can.eject && phone.udid !== null && !isBusy };
    }),
  };
}

function phoneNode(phone: ShownPhone, at: number, hooks: DevicesHooks): HTMLElement {
  const { udid, name, kind, isReady, words, trouble, isOpened, isInMiddle, mayEject } = phone;
  const open = element(
    "button",
    {
      type: "button",
      class: "phone",
      id: `phone-${at}`,
      "aria-current": isOpened ? "true" : null,
      disabled: udid === null,
    },
    icon("phone"),
    element(
      "span",
      { class: "phone-words" },
      element("bdi", { class: "phone-name" }, shortName(name, 40)),
      kind !== "" && element("span", { class: "soft" }, kind),
      element("span", { class: isReady ? "dot is-ready" : "dot" }, words),
    ),
  );
  if (udid !== null) open.addEventListener("click", () => hooks.onOpen(udid));
  const node = element("li", {}, open);
  if (mayEject && udid !== null) {
    const eject = element(
      "button",
      {
        type: "button",
        class: "button round eject",
        id: `eject-${at}`,
        title: "Eject",
        "aria-label": `Eject ${shortName(name, 40)}`,
      },
      icon("eject"),
    );
    eject.addEventListener("click", () => hooks.onEject(udid));
    node.append(eject);
  }
  // The trouble of the phone that is opened, or the only one, stands in the middle of the page.
  if (trouble !== null && !isInMiddle)
    node.append(element("div", { class: "trouble" }, troubleNodes(trouble, hooks.doRemedy)));
  return node;
}

/** Calls `draw` only where what it draws differs from the last time: a button that is pressed stays the same button. */
export function whenChanged<T>(draw: (value: T) => void): (value: T) => void {
  let drawn: string | undefined;
  return (value) => {
    const text = JSON.stringify(value);
    if (text === drawn) return;
    drawn = text;
    draw(value);
  };
}

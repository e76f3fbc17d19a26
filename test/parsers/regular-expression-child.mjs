// Runs regular expressions on long texts, in a process that can be ended when one takes for ever.

process.on("message", ({ source, flags, text: { before, pump, after }, length }) => {
  const text = before + pump.repeat(Math.ceil(length / pump.length)) + after;
  const pattern = new RegExp(source, flags);
  try {
    if (flags.includes("g")) text.replace(pattern, "");
    else pattern.exec(text);
    process.send("done");
  } catch (error) {
    process.send(String(error));
  }
});

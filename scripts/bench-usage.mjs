// Preloaded into a measured program: tells its parent, as often as it asks, what it has cost so far.
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() });
});
process.channel.unref();

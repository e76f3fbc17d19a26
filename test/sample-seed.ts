/** Chooses what a run of the tests plays of its long tables, once for all its processes, and says how to play it again. */
export default function chooseSample(): void {
  process.env.ROLLCALL_TEST_SAMPLE ??= String(Math.floor(Math.random() * 1e6));
  console.log(
    `ROLLCALL_TEST_SAMPLE=${process.env.ROLLCALL_TEST_SAMPLE} chooses the same rows of long tables again`,
  );
}

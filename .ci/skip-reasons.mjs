/** A reporter for vitest: puts the reason that a test gave for being skipped where the JSON report has it. */
export default class SkipReasons {
  onTestCaseResult(testCase) {
    const { state, note } = testCase.result();
    if (state === "skipped" && note) testCase.meta().skipReason = note;
  }
}

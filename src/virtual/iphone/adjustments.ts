import { deflateRawSync } from "node:zlib";

/**
 * The recipe of an edit, an XML property list whose `adjustmentData` is deflated JSON. Phones to iOS 18 write it as an
 * AAE beside the original (seen in real sidecars); of iOS 26 and 27 the same seven keys are reported in the
 * `Adjustments.plist` beside the rendering.
 * @param format `com.apple.photo`; a video's is `com.apple.video`
 */
export function encodeAdjustments(editedAt: Date, strength: number, format = "com.apple.photo"): Buffer {
  const recipe = {
    metadata: { masterWidth: 128, masterHeight: 96, orientation: 1 },
    formatVersion: 1,
    versionInfo: { buildNumber: "22F76", appVersion: "725.0.200", schemaRevision: 0, platform: "iOS" },
    adjustments: [
      {
        formatVersion: 1,
        enabled: true,
        settings: { auto: false, inputLight: strength },
        identifier: "SmartTone",
        formatIdentifier: format,
      },
    ],
  };
  const data = deflateRawSync(JSON.stringify(recipe)).toString("base64");
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>adjustmentBaseVersion</key>
	<integer>0</integer>
	<key>adjustmentData</key>
	<data>
	${data}
	</data>
	<key>adjustmentEditorBundleID</key>
	<string>com.apple.mobileslideshow</string>
	<key>adjustmentFormatIdentifier</key>
	<string>${format}</string>
	<key>adjustmentFormatVersion</key>
	<string>1.11</string>
	<key>adjustmentRenderTypes</key>
	<integer>0</integer>
	<key>adjustmentTimestamp</key>
	<date>${editedAt.toISOString().slice(0, 19)}Z</date>
</dict>
</plist>
`);
}

/** A page of System Settings. */
export interface SettingsPane {
  /** As a person finds it: "Privacy & Security > Automation". */
  readonly name: string;
  /** Opens it. */
  readonly url: string;
  /** The same in an older spelling, for where the first does not work. */
  readonly olderUrl: string;
}

/** Addresses as many public apps use them on macOS 13 and later; the older ones are still taken. */
function privacy(name: string, anchor: string): SettingsPane {
  return {
    name: `Privacy & Security > ${name}`,
    url: `x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?${anchor}`,
    olderUrl: `x-apple.systempreferences:com.apple.preference.security?${anchor}`,
  };
}

export const AUTOMATION = privacy("Automation", "Privacy_Automation");
export const PHOTOS_ACCESS = privacy("Photos", "Privacy_Photos");

/** macOS 13 and later call them extensions; the older names are those of the panes before. (unverified on macOS) */
export const LOGIN_ITEMS: SettingsPane = {
  name: "General > Login Items",
  url: "x-apple.systempreferences:com.apple.LoginItems-Settings.extension",
  olderUrl: "x-apple.systempreferences:com.apple.preferences.users?startupItemsPref",
};
export const NOTIFICATIONS: SettingsPane = {
  name: "Notifications",
  url: "x-apple.systempreferences:com.apple.Notifications-Settings.extension",
  olderUrl: "x-apple.systempreferences:com.apple.preference.notifications",
};

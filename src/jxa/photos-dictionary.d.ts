/**
 * The part of Photos' scripting dictionary that the scripts use, and the JXA globals, typed.
 *
 * Starts from `@jxa/types` (its Photos.d.ts, made from an older dictionary) and corrects it; each
 * correction names its source. Only that one file of the package is imported: its index declares
 * `Application` and others as globals of every program that sees it.
 *
 * Nothing here is ambient. A script declares, inside its own module, exactly the globals it uses:
 * `declare const Application: JxaApplication;`
 */
import type { Photos as Published } from "@jxa/types/src/core/Photos.js";

/** A property of a scripting object is a specifier; calling it sends the event that fetches it. */
export type Get<Value> = () => Value;

/** The elements of an object, not yet fetched: each use below is one Apple event. */
export interface Elements<Element, BulkProperties> {
  /** Counts. */
  readonly length: number;
  /** Fetches the elements as specifiers. */
  (): Element[];
  /** A specifier; sends nothing until it is used, so it exists whether or not the object does. */
  byId(id: string): Element;
  whose(filter: { readonly name: string }): Elements<Element, BulkProperties> & BulkProperties;
}

/**
 * Corrected: `size` is missing from @jxa/types (it is in the dictionary of Photos 4.0 and later:
 * hhas/SwiftAutomation PhotosGlue.swift.sdef, code `fsiz`).
 * Corrected: `filename` is documented as "the name of the file on disk"; Photos answers with the name the
 * file was imported under (RhetTbull/PhotoScript tests/).
 */
export interface MediaItem extends Pick<Published.MediaItem, "id" | "filename"> {
  readonly size: Get<number | null>;
}

/** One event reads the property of all elements: `album.mediaItems.id()`. The lists are parallel. */
export interface MediaItemLists {
  readonly id: Get<string[]>;
  readonly filename: Get<string[]>;
  readonly size: Get<(number | null)[]>;
}

/**
 * Corrected: `Album` is empty in @jxa/types. It is a container (`id`, and `name`, which can be written) with
 * media items (same sdef, classes IPal and IPct).
 */
export interface Album {
  readonly id: Published.Container["id"];
  get name(): Published.Container["name"];
  set name(name: string);
  readonly mediaItems: Elements<MediaItem, unknown> & MediaItemLists;
}

export interface PhotosApplication extends Pick<Published, "name" | "version" | "quit"> {
  /** Standard in JXA; sends no event to an application that is not running, and does not start it. */
  running(): boolean;
  /** Standard in JXA; starts the application without moving it to the front. */
  launch(): void;
  /** Standard in JXA; moves it to the front. */
  activate(): void;

  /** Shows a media item or a container in its window (sdef, command spot; PhotoScript photoscript.applescript). */
  spotlight(what: Album): void;

  /**
   * Corrected: absent from @jxa/types (same sdef). Top level only since Photos 5, any depth by id
   * (RhetTbull/PhotoScript photoscript/photoscript.applescript).
   */
  readonly albums: Elements<Album, unknown>;
  /** Corrected: absent from @jxa/types (same sdef). The whole library at any depth. */
  readonly mediaItems: Elements<MediaItem, unknown>;

  /**
   * Corrected: @jxa/types says `void`, its own comment "the imported media items in an array". Working code
   * gets an array, or null when nothing came in (PhotoScript photoscript/__init__.py;
   * dvankley/google-to-apple-photos-album-mapper main.scpt).
   * Corrected: the direct parameter is a list of files; text is refused by Photos' sandbox (openradar 20583750).
   */
  import(
    files: readonly PathObject[],
    options: { readonly into?: Album; readonly skipCheckDuplicates: true },
  ): MediaItem[] | null;

  /**
   * Corrected: @jxa/types types `new` as any; the lower-case class name as text is what works (same main.scpt).
   * The result is not to be trusted: nothing, or error -1700, though the album was made
   * (jablonkai/skills skills/apple-photos/references/gotchas.md).
   */
  make(options: { readonly new: "album"; readonly named: string }): unknown;

  /** Corrected: the direct parameter is a list of media items, `to` an album (same sdef, command addp). */
  add(items: readonly MediaItem[], options: { readonly to: Album }): void;

  /** Albums and folders only. */
  delete(album: Album): void;
}

/** `Application`: a specifier of an application, named by its bundle identifier. */
export type JxaApplication = (bundleId: "com.apple.Photos") => PhotosApplication;

/** A file object: it carries the right to read the file with the event, which text does not. */
export interface PathObject {
  toString(): string;
}

/** `Path`: a file object from an absolute path. */
export type JxaPath = (absolutePath: string) => PathObject;

/** `Automation`: `getDisplayString` writes a specifier as source text and sends nothing. */
export interface JxaAutomation {
  getDisplayString(specifier: unknown): string;
}

/** `delay`: blocks for so many seconds. There is no setTimeout. */
export type JxaDelay = (seconds: number) => void;

/** `ObjC`: makes a framework's classes appear on `$`. */
export interface JxaObjC {
  import(framework: "AppKit" | "CoreServices" | "Foundation" | "ImageCaptureCore" | "Photos"): void;
  /** Makes a class on `$` whose methods are JavaScript; once for each name. */
  registerSubclass(description: {
    readonly name: "RollcallDeviceListener";
    readonly methods: Readonly<
      Record<
        string,
        {
          readonly types: readonly [string, readonly string[]];
          readonly implementation: (...args: unknown[]) => unknown;
        }
      >
    >;
  }): void;
  /** Makes a C function appear on `$`: what it returns, then what it takes. */
  bindFunction(
    name: "AEDeterminePermissionToAutomateTarget",
    types: readonly [string, readonly string[]],
  ): void;
}

/** Any Objective-C object that may be nil. A nil is truthy: ask. */
export interface ObjCObject {
  isNil(): boolean;
}

/** ImageCaptureCore, ICDevice.h. Methods without arguments are sent by reading them. */
export interface ICDevice {
  readonly serialNumberString: ObjCObject & { readonly js: string };
  /** Of NSString: `ICDeviceCanEjectOrDisconnect` among them. */
  readonly capabilities: { containsObject(name: string): boolean | number };
  /** macOS 10.4 and later: asks, and does not wait. */
  readonly requestEject: unknown;
}

/** ImageCaptureCore, ICDeviceBrowser.h. */
export interface ICDeviceBrowser {
  delegate: unknown;
  browsedDeviceTypeMask: number;
  readonly devices: ObjCObject & { readonly count: number | string; objectAtIndex(index: number): ICDevice };
  readonly start: unknown;
  readonly stop: unknown;
}

/** `Ref`: a place for a value that an Objective-C method hands back through a pointer. */
export type JxaRef = () => { readonly 0?: { readonly code: number | string } };

/** A descriptor of Foundation; its four-character codes are 32-bit numbers. Methods without arguments read as properties. */
export interface AppleEventDescriptor extends ObjCObject {
  readonly numberOfItems: number | string;
  readonly int32Value: number | string;
  readonly stringValue: ObjCObject & { readonly js: string };
  descriptorAtIndex(index: number): AppleEventDescriptor;
  insertDescriptorAtIndex(item: AppleEventDescriptor, index: number): void;
  descriptorForKeyword(keyword: number): AppleEventDescriptor;
  setDescriptorForKeyword(value: AppleEventDescriptor, keyword: number): void;
  paramDescriptorForKeyword(keyword: number): AppleEventDescriptor;
  setParamDescriptorForKeyword(value: AppleEventDescriptor, keyword: number): void;
  coerceToDescriptorType(type: number): AppleEventDescriptor;
  /** macOS 10.11 and later. The time-out in seconds; nil on failure, with the NSError in `error`. */
  sendEventWithOptionsTimeoutError(
    options: number,
    timeoutSeconds: number,
    error: ReturnType<JxaRef>,
  ): AppleEventDescriptor;
}

/** The Objective-C classes on `$` that the scripts use. Methods without arguments read as properties. */
export interface JxaFoundation {
  /** AppKit, macOS 10.6 and later. */
  readonly NSRunningApplication: {
    runningApplicationsWithBundleIdentifier(bundleId: string): {
      /** NSUInteger: arrives as text. */
      readonly count: number | string;
      objectAtIndex(index: number): {
        readonly processIdentifier: number | string;
        /** nil for a program that Launch Services did not start. */
        readonly launchDate: ObjCObject & { readonly timeIntervalSince1970: number | string };
        /** A method: reading it ends the program. Whether that was accepted. */
        readonly forceTerminate: boolean;
      };
    };
  };
  /** CoreServices, macOS 10.14 and later, once bound: an Apple event error number; 0 is permission. */
  AEDeterminePermissionToAutomateTarget(
    target: unknown,
    eventClass: number,
    eventId: number,
    mayAsk: false,
  ): number | string;
  /** Photos (PhotoKit), macOS 10.13 and later. A method of the class: PHAuthorizationStatus, without asking. */
  readonly PHPhotoLibrary: { readonly authorizationStatus: number | string };
  readonly ICDeviceBrowser: { readonly alloc: { readonly init: ICDeviceBrowser } };
  /** Once registered. */
  readonly RollcallDeviceListener: { readonly alloc: { readonly init: unknown } };
  readonly NSRunLoop: { readonly currentRunLoop: { runUntilDate(date: unknown): void } };
  readonly NSDate: { dateWithTimeIntervalSinceNow(seconds: number): unknown };
  readonly NSURL: { fileURLWithPath(path: string): ObjCObject };
  readonly NSAppleEventDescriptor: {
    readonly recordDescriptor: AppleEventDescriptor;
    readonly listDescriptor: AppleEventDescriptor;
    readonly nullDescriptor: AppleEventDescriptor;
    descriptorWithTypeCode(code: number): AppleEventDescriptor;
    descriptorWithEnumCode(code: number): AppleEventDescriptor;
    descriptorWithString(text: string): AppleEventDescriptor;
    descriptorWithBoolean(value: boolean): AppleEventDescriptor;
    descriptorWithFileURL(url: ObjCObject): AppleEventDescriptor;
    descriptorWithBundleIdentifier(
      bundleId: "com.apple.Photos",
    ): AppleEventDescriptor & { readonly aeDesc: unknown };
    appleEventWithEventClassEventIDTargetDescriptorReturnIDTransactionID(
      eventClass: number,
      eventId: number,
      target: AppleEventDescriptor,
      returnId: number,
      transactionId: number,
    ): AppleEventDescriptor;
  };
}

/** What JXA throws: the Apple event error number beside the text. */
export interface JxaError {
  readonly errorNumber?: unknown;
  readonly message?: unknown;
}

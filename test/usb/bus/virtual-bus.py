"""
A USB bus that is not there: runs a program in a mount and a network namespace of its own, where /sys is a tree made
here, and says what udev would say when a device comes or goes.

usage: unshare -m -n python3 virtual-bus.py [--no-bus] [--usbmuxd SOCKET] [--present NAME]... -- PROGRAM ARGUMENT...

Reads lines from its own standard input: "attach NAME", "detach NAME". Ends with the program, and with its status.
Needs root, and changes nothing outside.
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading

DEVICES = {
    # Two phones: by a USB 2 and by a USB 3 cable. The serial number is the UDID without its dash.
    "anna": ("1-1", {"idVendor": "05ac", "idProduct": "12a8", "speed": "480", "serial": "00008140000C0FFEE0DDF00D",
                     "product": "iPhone", "manufacturer": "Apple Inc.", "busnum": "1", "devnum": "7"}),
    "ben": ("2-1", {"idVendor": "05ac", "idProduct": "12a8", "speed": "5000", "serial": "00008110000000000000BE11",
                    "product": "iPhone", "manufacturer": "Apple Inc.", "busnum": "2", "devnum": "3"}),
    # A hub that holds no strings at all, and a keyboard of Apple's.
    "hub": ("1-2", {"idVendor": "1d6b", "idProduct": "0002", "speed": "480", "bDeviceClass": "09",
                    "busnum": "1", "devnum": "2"}),
    "keyboard": ("1-3", {"idVendor": "05ac", "idProduct": "0267", "speed": "12", "product": "Magic Keyboard",
                         "busnum": "1", "devnum": "4"}),
}
COMMON = {"bDeviceClass": "00", "bDeviceSubClass": "00", "bDeviceProtocol": "00", "bcdDevice": "1501",
          "bConfigurationValue": "4", "bNumInterfaces": " 0", "bMaxPacketSize0": "64", "bNumConfigurations": "1",
          "version": " 2.00", "devpath": "1"}
TREE = "/sys/devices/pci0000:00/usb1"
LIST = "/sys/bus/usb/devices"


def place(name):
    return os.path.join(TREE, DEVICES[name][0])


def put(name):
    port, values = DEVICES[name]
    os.makedirs(place(name))
    for key, value in {**COMMON, **values}.items():
        with open(os.path.join(place(name), key), "w") as file:
            file.write(value + "\n")
    # A device descriptor (USB 2.0 table 9-8); nobody opens a device to read more.
    with open(os.path.join(place(name), "descriptors"), "wb") as file:
        ids = int(values["idVendor"], 16), int(values["idProduct"], 16)
        file.write(struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, *ids, 0x1501, 1, 2, 3, 1))
    os.symlink(place(name), os.path.join(LIST, port))


def take_away(name):
    os.unlink(os.path.join(LIST, DEVICES[name][0]))
    shutil.rmtree(place(name))


def tell(action, name):
    """One message of udev (systemd src/libsystemd/sd-device/device-monitor.c: monitor_netlink_header)."""
    port, values = DEVICES[name]
    node = "bus/usb/%03d/%03d" % (int(values["busnum"]), int(values["devnum"]))
    properties = {"ACTION": action, "DEVPATH": place(name)[len("/sys"):], "SUBSYSTEM": "usb", "DEVTYPE": "usb_device",
                  "DEVNAME": "/dev/" + node, "BUSNUM": "%03d" % int(values["busnum"]),
                  "DEVNUM": "%03d" % int(values["devnum"]), "SEQNUM": "1", "MAJOR": "189", "MINOR": "1"}
    body = b"".join(("%s=%s" % pair).encode() + b"\0" for pair in properties.items())
    head = struct.pack("=8s", b"libudev\0") + struct.pack(">I", 0xFEEDCAFE)
    head += struct.pack("=III", 40, 40, len(body)) + struct.pack(">IIII", 0, 0, 0, 0)
    udev_group = 2
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_KOBJECT_UEVENT
                       if hasattr(socket, "NETLINK_KOBJECT_UEVENT") else 15) as sender:
        sender.bind((0, 0))
        try:
            sender.sendto(head + body, (0, udev_group))
        except ConnectionRefusedError:
            pass  # nobody listens


def serve():
    for line in sys.stdin:
        act, _, name = line.strip().partition(" ")
        if act == "attach":
            put(name)
            tell("add", name)
        elif act == "detach":
            take_away(name)
            tell("remove", name)


def main():
    arguments = sys.argv[1:]
    options, program = arguments[:arguments.index("--")], arguments[arguments.index("--") + 1:]
    subprocess.run(["mount", "-t", "tmpfs", "none", "/sys"], check=True)
    if "--no-bus" not in options:
        os.makedirs(LIST)
        for flag, name in zip(options, options[1:]):
            if flag == "--present":
                put(name)
    if "--usbmuxd" in options:
        theirs = options[options.index("--usbmuxd") + 1]
        subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
        open("/run/usbmuxd", "w").close()
        subprocess.run(["mount", "--bind", theirs, "/run/usbmuxd"], check=True)
    child = subprocess.Popen(program, stdin=subprocess.DEVNULL)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: child.send_signal(number))
    threading.Thread(target=serve, daemon=True).start()
    sys.exit(child.wait())


main()

// English words of the device page; the same keys as the Chinese.
import type { technician as chinese } from "./technician.zh";

export const technician: { readonly [key in keyof typeof chinese]: string } = {
  "tech.title": "Devices", "tech.back": "Back to the till", "tech.forbidden": "This page needs the technician's right. Sign in with a staff no. that has it.", "tech.devices": "Devices bound here", "tech.no_devices": "No device is bound yet. Choose a port below.",
  "tech.ports": "Ports found", "tech.no_ports": "No port found. Plug a device in; it appears within seconds.", "tech.bytes": "Live bytes", "tech.no_bytes": "No bytes yet. Swipe a card, print a slip or ring the line.", "tech.time": "Time", "tech.direction": "Way", "tech.in": "in", "tech.out": "out", "tech.hex": "Bytes (hex)", "tech.meaning": "Meaning",
  "tech.port": "Port", "tech.stable": "Stable path", "tech.label": "Name", "tech.used": "Used by", "tech.free": "free", "tech.bind": "Bind", "tech.rebind": "Change binding", "tech.unbind": "Unbind", "tech.test": "Test print", "tech.tested": "Test print: {state}",
  "tech.kind": "Kind of device", "tech.name": "Its name", "tech.address": "Address", "tech.address_hint": "Stable path, or a network printer tcp:192.168.1.50:9100", "tech.baud": "Baud", "tech.profile": "Model", "tech.save": "Save binding", "tech.new": "Bind a new device", "tech.none": "does not apply", "tech.tills": "Prints for tills (such as 1,2; a till that no printer names uses the first printer)", "tech.prints_for": "Prints for till {tills}",
  "tech.since": "since {at}", "tech.tries": "tried again {n} {n|time|times}", "tech.last_error": "Last error", "tech.last_reading": "Last reading", "tech.todo": "What to do",
  "tech.version": "Version {version} · host {host}", "tech.pause": "Pause", "tech.resume": "Resume",
  "bytes.opened": "port opened: {said}", "bytes.ask_through": "asks the printer: is all before this printed? (GS r)", "bytes.through": "printer: all before this is printed",
  "bytes.job": "print data, {said} bytes", "bytes.status": "printer status {said}, nothing wrong", "bytes.automatic": "status {said} that the printer sent by itself", "bytes.flow": "flow control (XON/XOFF)",
  "bytes.noise": "stray byte {said}", "bytes.no_glyph": "the printer has no such characters, printed as \"?\": {said}", "bytes.chip": "ID card {said}", "bytes.stripe": "stripe card, track 2 {said}",
  "bytes.same_card": "the same card, not yet taken away", "bytes.bank_card": "bank card: refused, its number is not kept", "bytes.unreadable": "misread: wrong checksum, stray characters or half a frame",
  "bytes.no_card": "no card number", "bytes.card_dropped": "cards came too fast, this one was dropped", "bytes.command": "command {said}", "bytes.done": "done", "bytes.refused": "not supported",
  "bytes.ring": "ringing", "bytes.caller": "caller {said}", "bytes.call_time": "time of the call {said}", "bytes.damaged": "wrong checksum, not believed: {said}", "bytes.said": "{said}",
  "bytes.other": "{said}",
  "tills.title": "Tills on the shop's network", "tills.none": "This host is not open to the shop's network: start it with --lan 0.0.0.0:7443.", "tills.open": "A till's browser opens", "tills.unnamed": "This host cannot announce its name; use the number below.", "tills.numbers": "or", "tills.fingerprint": "Certificate fingerprint (SHA-256)", "tills.number": "Till no.", "tills.pair": "Pair a till", "tills.code": "Pairing code of till {till} (until {at})", "tills.since": "Paired", "tills.by": "By", "tills.seen": "Last seen", "tills.not_seen": "not since this host started", "tills.end": "End pairing",
};

/** The device page. */
export default function Technician() {
  return null;
}

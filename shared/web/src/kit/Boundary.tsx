import { Component, type ReactNode } from "react";

/** Catches a fault of the page itself, and lets `sorry` say so. */
export class Boundary extends Component<{ children: ReactNode; sorry: (fault: string) => ReactNode }, { fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault: String(fault) };
  }

  override render() {
    return this.state.fault === null ? this.props.children : this.props.sorry(this.state.fault);
  }
}

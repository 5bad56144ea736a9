/**
 * Negotiation of options by the Q method, which cannot loop (RFC 1143).
 *
 * @module
 */

import type { Verb } from "./codes.ts";

/** Who performs an option: this side or the peer. */
export type Side = "us" | "peer";

/** The state of one option on one side, as RFC 1143 §7 names it; `queued` is its "opposite" bit. */
export interface OptionState {
  /** The agreed state, or the requested one. */
  readonly is: "no" | "yes" | "want-no" | "want-yes";
  /** Whether the opposite is asked for as soon as the answer has come. */
  readonly queued: boolean;
}

/** The effects of a negotiation. */
export interface NegotiatorEvents {
  /** Whether an option may be performed when the peer proposes it. */
  accepts(side: Side, option: number): boolean;
  /** Sends three bytes. */
  send(verb: Verb, option: number): void;
  /** An option began or ended. */
  changed(side: Side, option: number, isOn: boolean): void;
}

const OFF: OptionState = { is: "no", queued: false };

/** The states of all options of a connection. */
export class Negotiator {
  readonly #events: NegotiatorEvents;
  /** States other than "no", by side and option. */
  readonly #states = { us: new Map<number, OptionState>(), peer: new Map<number, OptionState>() };

  /**
   * Begins with all options off.
   * @param events The policy, and what happens.
   */
  constructor(events: NegotiatorEvents) {
    this.#events = events;
  }

  /** The state of an option. */
  state(side: Side, option: number): OptionState {
    return this.#states[side].get(option) ?? OFF;
  }

  /** Whether an option is agreed on. */
  isOn(side: Side, option: number): boolean {
    return this.state(side, option).is === "yes";
  }

  /** Whether our request was neither granted nor refused yet. */
  isPending(side: Side, option: number): boolean {
    return this.state(side, option).is.startsWith("want");
  }

  /** Asks for an option, or offers it, unless that is under way or agreed on. */
  enable(side: Side, option: number): void {
    const { is, queued } = this.state(side, option);
    if (is === "no") {
      this.#set(side, option, "want-yes");
      this.#events.send(side === "us" ? "will" : "do", option);
    } else if (is === "want-no" && !queued) this.#set(side, option, "want-no", true);
    else if (is === "want-yes" && queued) this.#set(side, option, "want-yes");
  }

  /** Ends an option, unless that is under way or it is off. */
  disable(side: Side, option: number): void {
    const { is, queued } = this.state(side, option);
    if (is === "yes") {
      this.#set(side, option, "want-no");
      this.#events.send(side === "us" ? "wont" : "dont", option);
      this.#events.changed(side, option, false);
    } else if (is === "want-yes" && !queued) this.#set(side, option, "want-yes", true);
    else if (is === "want-no" && queued) this.#set(side, option, "want-no");
  }

  /** Takes a word of the peer. */
  receive(verb: Verb, option: number): void {
    const side: Side = verb === "will" || verb === "wont" ? "peer" : "us";
    if (verb === "will" || verb === "do") this.#proposed(side, option);
    else this.#refused(side, option);
  }

  /** WILL of the peer for its side, DO for ours. */
  #proposed(side: Side, option: number): void {
    const [yes, no] = WORDS[side];
    const { is, queued } = this.state(side, option);
    switch (is) {
      case "no":
        if (!this.#events.accepts(side, option)) return this.#events.send(no, option);
        this.#set(side, option, "yes");
        this.#events.send(yes, option);
        return this.#events.changed(side, option, true);
      case "yes":
        return;
      case "want-no":
        // Our WONT or DONT was answered by WILL or DO, which is an error of the peer: the opposite, if
        // that was asked for meanwhile, is the new state.
        this.#set(side, option, queued ? "yes" : "no");
        if (queued) this.#events.changed(side, option, true);
        return;
      case "want-yes":
        if (queued) {
          this.#set(side, option, "want-no");
          return this.#events.send(no, option);
        }
        this.#set(side, option, "yes");
        return this.#events.changed(side, option, true);
    }
  }

  /** WONT of the peer for its side, DONT for ours. */
  #refused(side: Side, option: number): void {
    const [yes, no] = WORDS[side];
    const { is, queued } = this.state(side, option);
    switch (is) {
      case "no":
        return;
      case "yes":
        this.#set(side, option, "no");
        this.#events.send(no, option);
        return this.#events.changed(side, option, false);
      case "want-no":
        if (!queued) return this.#set(side, option, "no");
        this.#set(side, option, "want-yes");
        return this.#events.send(yes, option);
      case "want-yes":
        return this.#set(side, option, "no");
    }
  }

  #set(side: Side, option: number, is: OptionState["is"], queued = false): void {
    if (is === "no") this.#states[side].delete(option);
    else this.#states[side].set(option, { is, queued });
  }
}

/** The words that agree and that refuse, by the side that performs the option. */
const WORDS = { us: ["will", "wont"], peer: ["do", "dont"] } as const;

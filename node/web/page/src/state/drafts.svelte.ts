// Channels that somebody is changing on this phone. They are kept while the page is open: who looks
// at the guide in between loses nothing.
import { drafted, rebased, withChange, type Change } from '../lib/channel_draft';
import type { ChannelDocument } from '../lib/types';

export class ChannelDraft {
  base = $state.raw<ChannelDocument>() as ChannelDocument;
  changes = $state.raw<Change[]>([]);

  constructor(base: ChannelDocument) {
    this.base = base;
  }

  /** With all changes. No $derived: a draft outlives the part of the page that first asked for it. */
  get now(): ChannelDocument {
    return drafted(this.base, this.changes);
  }

  add(...changes: Change[]): void {
    this.changes = changes.reduce(withChange, this.changes);
  }

  undo(): void {
    this.changes = this.changes.slice(0, -1);
  }

  drop(): void {
    this.changes = [];
  }

  /** A newer version came. False: the changes are of an older one, and it is for a person to say. */
  follow(newer: ChannelDocument): boolean {
    if (newer.version === this.base.version) return true;
    if (this.changes.length > 0) return false;
    this.base = newer;
    return true;
  }

  /** On top of what somebody else made; what has lost its part is left out. How many those are. */
  rebase(newer: ChannelDocument): number {
    const kept = rebased(newer, this.changes);
    const lost = this.changes.length - kept.length;
    this.base = newer;
    this.changes = kept;
    return lost;
  }
}

// eslint-disable-next-line svelte/prefer-svelte-reactivity -- looked up by id; a draft itself is what one watches
const drafts = new Map<string, ChannelDraft>();

export function draftOf(document: ChannelDocument): ChannelDraft {
  const known = drafts.get(document.id);
  if (known) return known;
  const fresh = new ChannelDraft(document);
  drafts.set(document.id, fresh);
  return fresh;
}

export function forgetDraft(channel: string): void {
  drafts.delete(channel);
}

export function forgetDrafts(): void {
  drafts.clear();
}

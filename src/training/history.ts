/** The cost after each epoch, kept in little memory however long the run. */
export class History {
  readonly epochs: number[] = [];
  readonly costs: number[] = [];

  /**
   * Whether this epoch is one to keep: every one of the first 512, then every 2nd up to 1024, every
   * 4th up to 2048 and so on. A million epochs leave about 3,300 points, and each doubling 256 more.
   */
  isDue(epoch: number): boolean {
    return epoch % stride(epoch) === 0;
  }

  /** The first epoch after this one that is to be kept. */
  nextDue(epoch: number): number {
    const step = stride(epoch);
    return (Math.floor(epoch / step) + 1) * step;
  }

  /** @throws RangeError unless the cost is finite and the epoch comes after those already kept */
  add(epoch: number, cost: number): void {
    const last = this.epochs[this.epochs.length - 1] ?? -1;
    if (!(epoch > last) || !Number.isFinite(cost)) {
      throw new RangeError(
        `A history takes finite costs in the order of their epochs, but got a cost of ${cost} at epoch ${epoch} after epoch ${last}.`,
      );
    }
    this.epochs.push(epoch);
    this.costs.push(cost);
  }
}

function stride(epoch: number): number {
  let epochs = 1;
  while (epoch >= epochs * 512) epochs *= 2;
  return epochs;
}

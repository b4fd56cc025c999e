import type { View } from './view.ts';

/** Shows nothing. */
export class QuietView implements View {
  add(): void {}

  interrupted(): void {}

  close(): void {}
}

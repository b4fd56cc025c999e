/**
 * Any step at all, in the options of what takes several. It does not speak of inputs: a constraint that did would make
 * `never` of the input of a step that is written in place, such as `parallel({ sizes: mapEach(size) })`.
 */
export interface StepLike {
  readonly id: string;
  readonly with: (...policies: never[]) => unknown;
}

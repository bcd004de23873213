/** The story does not go as it should: an order is in another state than it has to be, or nothing moves. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed';
}

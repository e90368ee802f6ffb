/** `type` of failures that no retry mends but a person does: the workflow waits for `resume`. */
export const NEEDS_PERSON = 'NeedsPerson';

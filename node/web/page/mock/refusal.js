export class Refusal extends Error {
  constructor(code, sentence, status = 409) {
    super(sentence);
    this.code = code;
    this.status = status;
  }
}

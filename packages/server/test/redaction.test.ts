import { expect } from 'chai';
import { hidePersonalText, hidePrivateFields } from '#src/observe/redaction.js';

describe('the logged part of an answer', () => {
  it('leaves out the values of personal fields', () => {
    const payload = { FirstName: 'Ana', items: [{ summary: 'Ana R.', id: 'loft1' }], customer: { email: 'a@b.c' } };
    expect(hidePrivateFields(payload)).to.deep.equal({
      FirstName: '[redacted]',
      items: [{ summary: '[redacted]', id: 'loft1' }],
      customer: { email: '[redacted]' },
    });
  });

  it('leaves them out of JSON text too, also when it is cut or nested in JSON', () => {
    for (const [text, clean] of [
      ['{"AppointmentId":7,"LastName":"Rivera","Status":1}', '{"AppointmentId":7,"LastName":"[redacted]","Status":1}'],
      ['{"summary" : "A \\"quick\\" one","id":"x"}', '{"summary" : "[redacted]","id":"x"}'],
      ['[{"FirstName":"Wilhelm', '[{"FirstName":"[redacted]"'],
      ['"{\\"Email\\":\\"ana@example.com\\",\\"Id\\":7}"', '"{\\"Email\\":\\"[redacted]\\",\\"Id\\":7}"'],
    ] as const) {
      expect(hidePersonalText(text)).to.equal(clean);
    }
  });

  it("keeps the other side's reasons", () => {
    const payload = { error: { code: 400, message: 'The specified time range is empty.', errors: [{ domain: 'x' }] } };
    expect(hidePrivateFields(payload)).to.deep.equal(payload);
    expect(hidePersonalText('Slot is taken. "Name" is fine: "here"')).to.equal('Slot is taken. "Name" is fine: "here"');
  });
});

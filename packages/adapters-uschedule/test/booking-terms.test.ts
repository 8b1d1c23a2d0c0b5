import { expect } from 'chai';
import { readTerms } from '#src/booking-terms.js';

describe('the terms of a record', () => {
  it('are those of the fuller record, and its details', () => {
    const record = {
      CustomerID: 90_001,
      GroupSize: 3,
      ServiceID: 35_371,
      EmployeeID: 12,
      PrepayServiceCustomerID: 4411,
      PaymentType: 4,
      Price: 49.5,
    };
    expect(readTerms(record)).to.deep.equal({
      terms: { groupSize: 3, serviceId: 35_371, employeeId: '12', prepaid: { creditId: '4411', paymentType: 4 } },
      details: { customerId: '90001', groupSize: '3', serviceId: '35371', employeeId: '12', price: '49.5' },
    });
  });

  it('distinguish a booking without a credit from a record without that field', () => {
    for (const none of [null, 0, '']) {
      expect(readTerms({ PrepayServiceCustomerID: none }).terms, String(none)).to.deep.equal({ prepaid: null });
    }
    expect(readTerms({})).to.deep.equal({ terms: null, details: null });
    expect(readTerms({ PrepayServiceCustomerID: '4411' }).terms).to.deep.equal({
      prepaid: { creditId: '4411', paymentType: null },
    });
  });

  it('leave out invalid values', () => {
    const invalid = { GroupSize: 0, ServiceID: 'x', EmployeeID: {}, Price: Number.NaN, CustomerID: -1 };
    expect(readTerms(invalid)).to.deep.equal({ terms: null, details: null });
  });
});

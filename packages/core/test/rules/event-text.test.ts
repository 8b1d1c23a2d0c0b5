import { expect } from 'chai';
import { DEFAULT_SETTINGS } from '@loft/sync-core';
import { TEMPLATE_FIELDS, unknownTemplateFields } from '@loft/sync-core/rules';
import {
  CANCELED_PREFIX,
  cutText,
  DESCRIPTION_LIMIT,
  eventText,
  plainText,
  TITLE_LIMIT,
} from '#src/rules/event-text.js';
import { BAY2 } from '../engine/world.js';
import { aBooking, ID } from './situations.js';

function titleOf(title: string, change: Parameters<typeof aBooking>[0] = {}): string {
  return eventText({ title, description: '' }, aBooking(change), BAY2).title;
}

describe('the text of an event', () => {
  it('consists of the name and the notes by default', () => {
    expect(eventText(DEFAULT_SETTINGS.google, aBooking(), BAY2)).to.deep.equal({
      title: 'Ana R.',
      description: 'Two players',
    });
  });

  it('supports every field', () => {
    expect(TEMPLATE_FIELDS).to.deep.equal(['customerName', 'bayName', 'bay', 'notes', 'appointmentId']);
    expect(titleOf('{customerName}|{bayName}|{bay}|{notes}|{appointmentId}')).to.equal(
      `Ana R.|Bay 2|2|Two players|${ID}`,
    );
  });

  it('leaves the bay empty if there is none', () => {
    const templates = { title: '[{bay}{bayName}]', description: '' };
    expect(eventText(templates, aBooking(), null).title).to.equal('[]');
  });

  it('replaces every occurrence of a field, and keeps an unknown field as text', () => {
    expect(titleOf('{bay}{bay} {phone} {} {bay')).to.equal('22 {phone} {} {bay');
  });

  describe('with a default', () => {
    it('shows the default if the field is empty', () => {
      expect(titleOf('{customerName|Customer}', { customerName: '' })).to.equal('Customer');
      expect(titleOf('{customerName|Customer}', { customerName: ' \n' })).to.equal('Customer');
      expect(titleOf('{customerName|Customer}')).to.equal('Ana R.');
      expect(titleOf('{customerName|} at {bay|none}', { customerName: '' })).to.equal('at 2');
    });

    it('may have any text as its default, including a second bar', () => {
      expect(titleOf('{notes|a|b: "c"}', { notes: '' })).to.equal('a|b: "c"');
      expect(titleOf('{phone|none}')).to.equal('none');
    });
  });

  describe('with an optional part', () => {
    const OLD = 'Loft-managed booking\nuSchedule appointmentId: {appointmentId}[[\nNotes: {notes}]]';

    it('shows the part only if its field is not empty', () => {
      expect(titleOf(OLD)).to.equal(`Loft-managed booking\nuSchedule appointmentId: ${ID}\nNotes: Two players`);
      expect(titleOf(OLD, { notes: '' })).to.equal(`Loft-managed booking\nuSchedule appointmentId: ${ID}`);
      expect(titleOf(OLD, { notes: ' [loft:700122] ' })).to.equal(
        `Loft-managed booking\nuSchedule appointmentId: ${ID}`,
      );
    });

    it('shows the part only if no field in it is empty', () => {
      expect(titleOf('{bay}[[ ({customerName}, {notes})]]')).to.equal('2 (Ana R., Two players)');
      expect(titleOf('{bay}[[ ({customerName}, {notes})]]', { notes: '' })).to.equal('2');
      expect(titleOf('{bay}[[ ({customerName|no name})]]', { customerName: '' })).to.equal('2 (no name)');
    });

    it('treats brackets in values and unclosed brackets as text', () => {
      expect(titleOf('{customerName}', { customerName: '[[x]]' })).to.equal('[[x]]');
      expect(titleOf('[[{customerName}]] [[{bay}', { customerName: 'a]] b' })).to.equal('a]] b [[2');
      expect(titleOf('[{bay}]')).to.equal('[2]');
    });
  });

  it('shows the details of a booking, and nothing for missing ones', () => {
    const details = { groupSize: '4', phone: '555' };
    expect(titleOf('{groupSize} {price} {phone}', { details })).to.equal('4  555');
    expect(titleOf('{bay}[[, {groupSize} players]][[, {price}]]', { details })).to.equal('2, 4 players');
    expect(titleOf('{toString}{groupSize}')).to.equal('{toString}');
  });

  it('keeps the existing text if the record lacks the field', () => {
    const booking = aBooking({ customerName: '', keptText: { title: 'Ana R.' } });
    expect(eventText(DEFAULT_SETTINGS.google, booking, BAY2)).to.deep.equal({
      title: 'Ana R.',
      description: 'Two players',
    });
  });

  it('never interprets values of a booking as templates', () => {
    expect(titleOf('{customerName}', { customerName: '{notes} $1 $& \\' })).to.equal('{notes} $1 $& \\');
  });

  it('shows the notes without our own marker', () => {
    expect(titleOf('{notes}', { notes: 'Two players [loft-sync replaces 700122]' })).to.equal('Two players');
  });

  it('is plain text without surrounding whitespace', () => {
    expect(titleOf(' {customerName} ', { customerName: '\u0007Ana\u0000 R.\r\n' })).to.equal('Ana R.');
  });

  it('is cut at Google’s limit', () => {
    expect([TITLE_LIMIT, DESCRIPTION_LIMIT]).to.deep.equal([1024, 8192]);
    const { title, description } = eventText(
      { title: '{notes}', description: '{notes}' },
      aBooking({ notes: 'x'.repeat(9000) }),
      BAY2,
    );
    expect(title).to.equal(`${'x'.repeat(1023)}…`);
    expect(description).to.equal(`${'x'.repeat(8191)}…`);
  });

  it('marks a cancellation with the prefix the contract names', () => {
    expect(CANCELED_PREFIX).to.equal('CANCELED: ');
  });
});

describe('the fields of a template', () => {
  it('are accepted if they are known', () => {
    expect(unknownTemplateFields('{customerName} on {bayName} ({bay}): {notes}, {appointmentId}')).to.deep.equal([]);
    expect(unknownTemplateFields('no field, { nor } this')).to.deep.equal([' nor ']);
    expect(unknownTemplateFields('')).to.deep.equal([]);
    expect(unknownTemplateFields('{customerName|Customer}[[: {groupSize}, {price}]]')).to.deep.equal([]);
  });

  it('are all reported in their order if they are unknown', () => {
    expect(unknownTemplateFields('{phone} {customerName} {} {CustomerName}')).to.deep.equal([
      'phone',
      '',
      'CustomerName',
    ]);
    expect(unknownTemplateFields('{phone|none}[[ {handicap}]]')).to.deep.equal(['phone', 'handicap']);
  });
});

describe('plain text', () => {
  it('has one kind of line break', () => {
    expect(plainText('a\r\nb\rc\nd')).to.equal('a\nb\nc\nd');
  });

  it('keeps tabs and line feeds, and drops every other control character', () => {
    expect(plainText('a\tb\nc')).to.equal('a\tb\nc');
    for (const code of [0x00, 0x08, 0x0b, 0x0c, 0x0e, 0x1f, 0x7f, 0x80, 0x9f]) {
      expect(plainText(`a${String.fromCharCode(code)}b`), code.toString(16)).to.equal('ab');
    }
    for (const code of [0x20, 0x21, 0x7e, 0xa1, 0xff, 0x2028]) {
      const character = String.fromCharCode(code);
      expect(plainText(`a${character}b`), code.toString(16)).to.equal(`a${character}b`);
    }
    expect(plainText('a\u00a0b')).to.equal('a\u00a0b');
  });

  it('keeps characters of two code units, and drops halves of them', () => {
    expect(plainText('a😀b')).to.equal('a😀b');
    for (const half of ['\ud800', '\udbff', '\udc00', '\udfff']) expect(plainText(`a${half}b`)).to.equal('ab');
    expect(plainText('a\ud7ffb\ue000c')).to.equal('a\ud7ffb\ue000c');
  });

  it('has no surrounding whitespace', () => {
    expect(plainText(' \n a b \t\r\n')).to.equal('a b');
    expect(plainText('')).to.equal('');
  });
});

describe('cut text', () => {
  it('is unchanged if it is short enough', () => {
    expect(cutText('abcd', 4)).to.equal('abcd');
    expect(cutText('', 4)).to.equal('');
  });

  it('ends in an ellipsis within the limit if it is too long', () => {
    expect(cutText('abcde', 4)).to.equal('abc…');
  });

  it('is never cut within a character', () => {
    expect(cutText('ab😀cd', 4)).to.equal('ab…');
    expect(cutText('a😀bcd', 4)).to.equal('a😀…');
    expect(cutText('😀😀', 2)).to.equal('…');
  });

  it('loses only surrounding whitespace and control characters', () => {
    expect(plainText('  Ana R. \n')).to.equal('Ana R.');
    expect(plainText('\u0000 a\tb\u00a0c\ue000d \u0007')).to.equal('a\tb\u00a0c\ue000d');
  });
});

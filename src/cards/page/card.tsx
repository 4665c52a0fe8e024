/// <reference lib="dom" />
/** A card as it stands in the page: what it asks for, what it says to an answer, and what opens then. */
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { formatNumber } from "../../show";
import type { CardData } from "../card";
import { digitsOf, type Guess, judge, numberOf } from "../judge";
import { Curve } from "./curve";
import type { KeptCard, Outcome } from "./kept";

interface CardProps {
  data: CardData;
  /** What is asked, as text: the control's name. */
  question: string;
  /** The part that is closed at first. */
  details: HTMLDetailsElement;
  start: KeptCard;
  keep(now: KeptCard): void;
}

/** What a card says to a guess. */
interface Verdict {
  outcome: Outcome | undefined;
  html: string;
}

export function Card({ data, question, details, start, keep }: CardProps) {
  const { asked, type } = data;
  const isQuestion = type === "question";
  const [guess, setGuess] = useState<Guess>(
    start.guess ?? (asked.kind === "number" || asked.kind === "words" ? "" : []),
  );
  // What was kept is judged anew: the numbers of the cell may be others by now.
  const [verdict, setVerdict] = useState<Verdict | undefined>(() =>
    start.guess === undefined ? undefined : verdictOn(data, start.guess),
  );
  const record = useRef(start);
  const hasTried = verdict?.outcome !== undefined || record.current.first !== undefined;

  function tried(outcome: Outcome, what: Guess | undefined): void {
    const { first = outcome } = record.current;
    record.current = { ...(what === undefined ? {} : { guess: what }), first, last: outcome };
    keep(record.current);
  }

  /** JupyterLab keeps Enter from what it would do by itself in a field. */
  function press(event: KeyboardEvent): void {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) submit(event);
  }

  function submit(event: Event): void {
    event.preventDefault();
    const now = verdictOn(data, guess);
    setVerdict(now);
    if (now.outcome === undefined) return;
    tried(now.outcome, guess);
    if (!isQuestion || now.outcome === "right") details.open = true;
  }

  // What is closed is offered from the start by a prediction, and by a question after the first attempt.
  useLayoutEffect(() => {
    const summary = details.querySelector("summary");
    details.style.display = isQuestion && !hasTried ? "none" : "";
    if (summary && isQuestion)
      summary.textContent =
        verdict?.outcome === "right" ? "The way" : "Show me the answer and the way";
    else if (summary) summary.textContent = verdict?.outcome ? "The result" : "Just show me";
  });
  useLayoutEffect(() => {
    if (verdict?.outcome === "right" || (verdict?.outcome && !isQuestion)) details.open = true;
    const opened = () => {
      if (details.open && !isOver(record.current, isQuestion)) tried("shown", record.current.guess);
    };
    details.addEventListener("toggle", opened);
    return () => details.removeEventListener("toggle", opened);
  }, []);

  const isGiven =
    record.current.last === "right" || (!isQuestion && record.current.last !== undefined);
  return (
    <form onSubmit={submit} onKeyDown={press} noValidate>
      <Field
        data={data}
        question={question}
        guess={guess}
        set={setGuess}
        isDone={asked.kind === "curve" && isGiven}
      />
      <div class="row">
        <button type="submit">{isQuestion ? "Check" : "Compare with the result"}</button>
        {isQuestion && hasTried && verdict?.outcome !== "right" && (
          <span class="small">Try again, or let it be shown below.</span>
        )}
      </div>
      <div
        role="status"
        class={verdict?.outcome === "right" ? "verdict right" : "verdict"}
        dangerouslySetInnerHTML={{ __html: verdict?.html ?? "" }}
      />
    </form>
  );
}

/** Whether there is nothing more to be kept when the answer is opened. */
function isOver({ last }: KeptCard, isQuestion: boolean): boolean {
  return last !== undefined && !(isQuestion && last === "wrong");
}

function Field(props: {
  data: CardData;
  question: string;
  guess: Guess;
  set(next: Guess | ((now: Guess) => Guess)): void;
  isDone: boolean;
}) {
  const { data, question, guess, set, isDone } = props;
  const { asked, type } = data;
  const id = useId();
  const what = type === "question" ? "Your answer" : "Your guess";
  if (asked.kind === "curve")
    return (
      <Curve asked={asked} drawn={Array.isArray(guess) ? guess : []} set={set} isDone={isDone} />
    );
  if (asked.kind === "number" || asked.kind === "words") {
    const digits = asked.kind === "number" && type === "question" ? digitsOf(asked) : undefined;
    return (
      <div class="row">
        <label for={id}>{asked.kind === "words" ? `${what}, in a few words` : what}</label>
        <input
          id={id}
          type="text"
          class={asked.kind}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={typeof guess === "string" ? guess : ""}
          onInput={(event) => set(event.currentTarget.value)}
        />
        {asked.kind === "number" && asked.unit && <span>{asked.unit}</span>}
        {digits !== undefined && (
          <span class="small">(to {digits === 1 ? "one digit" : `${digits} digits`})</span>
        )}
      </div>
    );
  }
  const chosen = Array.isArray(guess) ? guess : [];
  const isSeveral = asked.kind === "several";
  return (
    <fieldset aria-label={question}>
      {isSeveral && <p class="small">Several may be right.</p>}
      {asked.choices.map(([choice], place) => (
        <label class="choice" key={choice}>
          <input
            type={isSeveral ? "checkbox" : "radio"}
            name="choice"
            checked={chosen.includes(place)}
            onChange={({ currentTarget: { checked } }) =>
              set((now) => {
                const others = isSeveral && Array.isArray(now) ? now : [];
                return checked
                  ? [...others, place].sort((a, b) => a - b)
                  : others.filter((one) => one !== place);
              })
            }
          />
          <span dangerouslySetInnerHTML={{ __html: choice }} />
        </label>
      ))}
    </fieldset>
  );
}

function verdictOn(data: CardData, guess: Guess): Verdict {
  const { asked, type, answer } = data;
  const none = { outcome: undefined };
  if (asked.kind === "words")
    return String(guess).trim()
      ? { outcome: "guessed", html: "Your words stand above, the result below: do they agree?" }
      : { ...none, html: "Write a few words first." };
  if (asked.kind === "curve")
    return guess.length > 0
      ? { outcome: "guessed", html: "Dashed what you drew, solid what came out." }
      : { ...none, html: "Draw the curve first." };
  if (asked.kind === "open choice")
    return guess.length > 0
      ? { outcome: "guessed", html: "Your guess stands above, the result below: do they agree?" }
      : { ...none, html: "Choose one first." };
  const { right, says, isNear } = judge(asked, guess);
  if (right === undefined) return { ...none, html: says };
  const outcome = right ? "right" : "wrong";
  if (type === "question") {
    const told = right ? `<strong>✓ Right: ${answer}.</strong> ` : "<strong>✗ Not yet.</strong> ";
    const nothing = right ? "" : "It looks like no mistake that is known here.";
    return { outcome, html: told + (says || nothing) };
  }
  const mine =
    asked.kind === "number"
      ? formatNumber(numberOf(String(guess)) ?? Number.NaN)
      : asked.answer.length > 0 && Array.isArray(guess)
        ? guess.map((place) => asked.choices[place][0]).join(", ")
        : "";
  const told = right
    ? `<strong>✓ You guessed ${mine}, and so it is.</strong> `
    : `<strong>✗ You guessed ${mine}; it is ${answer}.</strong> `;
  const isRounded = right && asked.kind === "number" && !answer.startsWith(mine);
  const exactly = isRounded ? `To more digits: ${answer}. ` : "";
  return { outcome, html: told + exactly + (isNear ? "That is near." : says) };
}

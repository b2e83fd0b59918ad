"""An entity that SQLAlchemy loads and saves: a clean column changed, then the whole of it. Prints one line for each step."""
import sys

from sqlalchemy import Column, Date, Integer, Text, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.orm.attributes import flag_modified

Base = declarative_base()


class Patient(Base):
    __tablename__ = "patients"
    id = Column(Integer, primary_key=True)
    name = Column(Text)
    mrn = Column(Text)
    born = Column(Date)
    ward = Column(Text)


def save(step, ward, whole):
    try:
        with Session(engine) as session:
            patient = session.get(Patient, 1)
            patient.ward = ward
            if whole:
                for column in ("name", "mrn", "born"):
                    flag_modified(patient, column)
            session.commit()
        print(step, "saved")
    except DBAPIError as error:
        detail = error.orig.diag.message_detail
        print(step, detail.split("code=")[1].split(" ")[0])


engine = create_engine("postgresql+psycopg2://")
save("clean", "B", whole=False)
save("whole", "C", whole=True)
sys.stdout.flush()
